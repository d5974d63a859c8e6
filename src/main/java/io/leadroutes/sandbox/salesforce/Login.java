package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.control.SandboxTime;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** OAuth 2.0 (password, client credentials, JWT bearer), user info, and the SOAP login that some clients still use. */
final class Login {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RecordStore store;
    private final Catalog catalog;
    private final Tokens tokens;
    private final Keys keys;
    private final SandboxTime time;

    Login(Catalog catalog, RecordStore store, Tokens tokens, Keys keys, SandboxTime time) {
        this.catalog = catalog;
        this.store = store;
        this.tokens = tokens;
        this.keys = keys;
        this.time = time;
    }

    /** {@code POST /services/oauth2/token}. */
    Reply token(Call call) {
        call.operation("oauth2/token");
        Map<String, String> form = form(call.body().toString(StandardCharsets.UTF_8));
        try {
            basic(call).ifPresent(form::putAll);
            return grant(call, form);
        } catch (OAuthError error) {
            return Reply.json(400, JSON.createObjectNode().put("error", error.code)
                    .put("error_description", error.getMessage()));
        }
    }

    private Reply grant(Call call, Map<String, String> form) {
        String grant = form.getOrDefault("grant_type", "");
        String userId = switch (grant) {
            case "password" -> {
                client(form);
                yield byPassword(form.getOrDefault("username", ""), form.getOrDefault("password", ""))
                        .orElseThrow(() -> new OAuthError("invalid_grant", "authentication failure"));
            }
            case "client_credentials" -> {
                client(form);
                yield RecordStore.INTEGRATION_USER;
            }
            case JWT_BEARER -> byAssertion(call, form.getOrDefault("assertion", ""));
            default -> throw new OAuthError("unsupported_grant_type", "grant type not supported");
        };
        String id = base(call) + "/id/" + SalesforceSandbox.ORGANISATION + "/" + userId;
        String issuedAt = Long.toString(time.now().toEpochMilli());
        return Reply.json(200, JSON.createObjectNode().put("access_token", tokens.issue(userId))
                .put("signature", signature(id + issuedAt)).put("scope", "api").put("instance_url", base(call))
                .put("id", id).put("token_type", "Bearer").put("issued_at", issuedAt))
                .with("Cache-Control", "no-store");
    }

    private static void client(Map<String, String> form) {
        if (!SalesforceSandbox.CONSUMER_KEY.equals(form.get("client_id"))) {
            throw new OAuthError("invalid_client_id", "client identifier invalid");
        }
        if (!SalesforceSandbox.CONSUMER_SECRET.equals(form.get("client_secret"))) {
            throw new OAuthError("invalid_client", "invalid client credentials");
        }
    }

    private Optional<String> byPassword(String username, String password) {
        return SalesforceSandbox.PASSWORD.equals(password) ? user(username) : Optional.empty();
    }

    private Optional<String> user(String username) {
        return store.byExternalId(catalog.user, catalog.user.need("Username"), username).stream()
                .flatMap(id -> store.live(id).stream())
                .filter(row -> Boolean.TRUE.equals(row.get("IsActive")) && "Standard".equals(row.get("UserType")))
                .map(Row::id).findFirst();
    }

    private String byAssertion(Call call, String assertion) {
        String[] parts = assertion.split("\\.");
        if (parts.length != 3) {
            throw new OAuthError("invalid_grant", "invalid assertion");
        }
        JsonNode claims;
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(keys.publicKey());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!"RS256".equals(header.path("alg").asText())
                    || !signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
                throw new OAuthError("invalid_grant", "invalid assertion");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new OAuthError("invalid_grant", "invalid assertion");
        }
        if (!SalesforceSandbox.CONSUMER_KEY.equals(claims.path("iss").asText())) {
            throw new OAuthError("invalid_client_id", "client identifier invalid");
        }
        Set<String> audiences = Set.of(base(call), "https://login.salesforce.com", "https://test.salesforce.com");
        JsonNode audience = claims.path("aud");
        String aud = (audience.isArray() ? audience.path(0) : audience).asText().replaceAll("/$", "");
        if (!audiences.contains(aud)) {
            throw new OAuthError("invalid_grant", "audience is invalid");
        }
        long now = time.now().getEpochSecond();
        if (claims.path("exp").asLong() <= now - 60) {
            throw new OAuthError("invalid_grant", "assertion is expired");
        }
        return user(claims.path("sub").asText())
                .orElseThrow(() -> new OAuthError("invalid_grant", "user hasn't approved this consumer"));
    }

    /** {@code GET} or {@code POST /services/oauth2/revoke}. */
    Reply revoke(Call call) {
        call.operation("oauth2/revoke");
        Map<String, String> given = form(call.body().toString(StandardCharsets.UTF_8));
        Optional.ofNullable(call.request().query()).ifPresent(query -> given.putAll(form(query)));
        if (tokens.revoke(given.getOrDefault("token", ""))) {
            return Reply.empty(200);
        }
        return Reply.json(400, JSON.createObjectNode().put("error", "unsupported_token_type")
                .put("error_description", "this token type is not supported"));
    }

    /** {@code GET /services/oauth2/userinfo} and {@code GET /id/ORG/USER}. */
    Reply userInfo(Call call) {
        call.operation("oauth2/userinfo");
        Optional<Row> user = token(call.header("Authorization")).flatMap(tokens::user)
                .flatMap(id -> store.find(catalog.user, id));
        if (user.isEmpty()) {
            return Reply.text(403, "Bad_OAuth_Token");
        }
        Row row = user.get();
        ObjectNode info = JSON.createObjectNode()
                .put("sub", base(call) + "/id/" + SalesforceSandbox.ORGANISATION + "/" + row.id())
                .put("id", base(call) + "/id/" + SalesforceSandbox.ORGANISATION + "/" + row.id())
                .put("user_id", row.id()).put("organization_id", SalesforceSandbox.ORGANISATION)
                .put("username", (String) row.get("Username")).put("preferred_username", (String) row.get("Username"))
                .put("name", (String) row.get("Name")).put("display_name", (String) row.get("Name"))
                .put("email", (String) row.get("Email")).put("user_type", "STANDARD").put("active", true);
        info.putObject("urls").put("rest", base(call) + "/services/data/v{version}/")
                .put("sobjects", base(call) + "/services/data/v{version}/sobjects/")
                .put("query", base(call) + "/services/data/v{version}/query/");
        return Reply.json(200, info);
    }

    /** {@code POST /services/Soap/u/VERSION}: login and logout of the SOAP API. */
    Reply soap(Call call) {
        call.operation("soap");
        Map<String, String> texts = soapTexts(call.body().toString(StandardCharsets.UTF_8));
        if (texts.containsKey("logout")) {
            tokens.revoke(texts.getOrDefault("sessionId", ""));
            call.operation("soap/logout");
            return xml(200, "<logoutResponse/>");
        }
        if (!texts.containsKey("login")) {
            return fault("INVALID_OPERATION", "only login and logout are offered here");
        }
        call.operation("soap/login");
        Optional<String> user = byPassword(texts.getOrDefault("username", ""), texts.getOrDefault("password", ""));
        if (user.isEmpty()) {
            return fault("INVALID_LOGIN",
                    "Invalid username, password, security token; or user locked out.");
        }
        String version = call.path().substring(call.path().lastIndexOf('/') + 1).replaceAll("[^0-9.]", "");
        Row row = store.live(user.get()).orElseThrow();
        return xml(200, "<loginResponse><result>"
                + "<metadataServerUrl>" + base(call) + "/services/Soap/m/" + version + "/"
                + SalesforceSandbox.ORGANISATION + "</metadataServerUrl><passwordExpired>false</passwordExpired>"
                + "<sandbox>true</sandbox><serverUrl>" + base(call) + "/services/Soap/u/" + version + "/"
                + SalesforceSandbox.ORGANISATION.substring(0, 15) + "</serverUrl><sessionId>"
                + tokens.issue(user.get()) + "</sessionId><userId>" + user.get() + "</userId><userInfo>"
                + "<organizationId>" + SalesforceSandbox.ORGANISATION + "</organizationId>"
                + "<organizationName>LeadRoutes sandbox</organizationName><userFullName>" + row.get("Name")
                + "</userFullName><userId>" + user.get() + "</userId><userName>" + row.get("Username")
                + "</userName></userInfo></result></loginResponse>");
    }

    private static Map<String, String> soapTexts(String xml) {
        Map<String, String> texts = new HashMap<>();
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
            String open = "";
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    open = reader.getLocalName();
                    texts.put(open, "");
                } else if (event == XMLStreamReader.CHARACTERS && !open.isEmpty()) {
                    texts.merge(open, reader.getText(), String::concat);
                } else if (event == XMLStreamReader.END_ELEMENT) {
                    open = "";
                }
            }
        } catch (XMLStreamException e) {
            return Map.of();
        }
        return texts;
    }

    private static Reply fault(String code, String message) {
        return xml(500, "<soapenv:Fault><faultcode>sf:" + code + "</faultcode><faultstring>" + code + ": " + message
                + "</faultstring></soapenv:Fault>");
    }

    private static Reply xml(int status, String body) {
        return new Reply(status, "text/xml;charset=UTF-8", Buffer.buffer("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns=\"urn:partner.soap.sforce.com\" xmlns:sf=\"urn:fault.partner.soap.sforce.com\""
                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>" + body
                + "</soapenv:Body></soapenv:Envelope>"), new LinkedHashMap<>());
    }

    /** Scheme, host and port as the client sees this server. */
    static String base(Call call) {
        // HTTP/2 has no Host header; its authority is the same thing.
        return "http://" + Optional.ofNullable(call.request().authority()).map(Object::toString)
                .or(() -> call.header("Host")).orElse("localhost");
    }

    /** The token of an Authorization header (Bearer or OAuth). */
    static Optional<String> token(Optional<String> header) {
        return header.filter(h -> h.regionMatches(true, 0, "Bearer ", 0, 7) || h.regionMatches(true, 0, "OAuth ", 0, 6))
                .map(h -> h.substring(h.indexOf(' ') + 1).strip());
    }

    private static Optional<Map<String, String>> basic(Call call) {
        return call.header("Authorization").filter(h -> h.startsWith("Basic ")).map(h -> {
            String[] parts;
            try {
                parts = new String(Base64.getDecoder().decode(h.substring(6).strip()), StandardCharsets.UTF_8)
                        .split(":", 2);
            } catch (IllegalArgumentException e) {
                throw new OAuthError("invalid_client", "invalid client credentials");
            }
            return Map.of("client_id", parts[0], "client_secret", parts.length > 1 ? parts[1] : "");
        });
    }

    static Map<String, String> form(String encoded) {
        Map<String, String> form = new HashMap<>();
        for (String pair : encoded.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SalesforceSandbox.CONSUMER_SECRET.getBytes(StandardCharsets.UTF_8),
                    "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class OAuthError extends RuntimeException {
        private final String code;

        OAuthError(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }
}
