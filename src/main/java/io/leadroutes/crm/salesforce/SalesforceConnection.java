package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.CrmException;
import io.leadroutes.secret.Loopback;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.PubSubApiConsumer;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceEndpointConfig;
import org.apache.camel.component.salesforce.SalesforceLoginConfig;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The connection to Salesforce, made from our keys, so that routes write {@code salesforce:…} and nothing else.
 *
 * <p>The component logs in lazily: the application starts while Salesforce is down. Its consumers refuse that
 * setting; {@link #eagerly} lifts it for the moment in which the stream starts, after a log-in of our own.
 */
@ApplicationScoped
@Named("salesforceConnection")
@Unremovable
public class SalesforceConnection implements CamelContextCustomizer {

    /** Marks our own writes: change events repeat it in {@code changeOrigin}. */
    public static final String CLIENT = "client=leadroutes";

    static final String CALL_OPTIONS_HEADER = "Sforce-Call-Options";

    private static final List<String> OPEN_PROFILES = List.of("dev", "test", "sandbox");

    private final SalesforceConfig config;
    private final MeterRegistry meters;
    private final ApiLimits limits;
    private volatile SalesforceComponent component;

    SalesforceConnection(SalesforceConfig config, MeterRegistry meters, ApiLimits limits) {
        this.config = config;
        this.meters = meters;
        this.limits = limits;
    }

    /** A piece of work that needs a consumer to start. */
    interface Work {
        void run() throws Exception;
    }

    @Override
    public void configure(CamelContext context) {
        SalesforceCredentials credentials = SalesforceCredentials.of(config);
        refuseOpenTransport(credentials.loginUrl());
        SalesforceLoginConfig login = new SalesforceLoginConfig();
        login.setType(switch (credentials.type()) {
            case JWT -> AuthenticationType.JWT;
            case CLIENT_CREDENTIALS -> AuthenticationType.CLIENT_CREDENTIALS;
            case USERNAME_PASSWORD -> AuthenticationType.USERNAME_PASSWORD;
        });
        login.setLoginUrl(withoutTrailingSlash(credentials.loginUrl()));
        login.setClientId(credentials.clientId());
        credentials.clientSecret().ifPresent(login::setClientSecret);
        credentials.username().ifPresent(login::setUserName);
        credentials.password().ifPresent(login::setPassword);
        credentials.privateKey().map(InMemoryKey::new).ifPresent(login::setKeystore);
        config.jwtAudience().ifPresent(login::setJwtAudience);
        login.setLazyLogin(true);

        SalesforceEndpointConfig endpoints = new SalesforceEndpointConfig();
        endpoints.setApiVersion(config.apiVersion());
        SalesforceComponent made = new SalesforceComponent();
        made.setConfig(endpoints);
        made.setLoginConfig(login);
        made.setHttpRequestTimeout(config.requestTimeout().toMillis());
        made.setPubSubHost(config.pubsub().host());
        made.setPubSubPort(config.pubsub().port());
        component = made;
        context.addComponent("salesforce", made);
        context.addLifecycleStrategy(new Transport());
        context.getManagementStrategy().addEventNotifier(new SalesforceCallMetrics(meters, limits));
    }

    private void refuseOpenTransport(String loginUrl) {
        if (ConfigUtils.getProfiles().stream().noneMatch(OPEN_PROFILES::contains)) {
            openTransport(loginUrl, config.pubsub().plaintext(), config.pubsub().host()).ifPresent(problem -> {
                throw new IllegalStateException(problem);
            });
        }
    }

    /** What would send credentials or leads in the clear over a network, if anything would. */
    static Optional<String> openTransport(String loginUrl, boolean plaintext, String pubSubHost) {
        URI login;
        try {
            login = URI.create(loginUrl.strip());
        } catch (IllegalArgumentException e) {
            return Optional.of("salesforce.login-url is not a URL");
        }
        if (login.getHost() == null || login.getUserInfo() != null || !"https".equalsIgnoreCase(login.getScheme())
                && !("http".equalsIgnoreCase(login.getScheme()) && Loopback.is(login.getHost()))) {
            return Optional.of("salesforce.login-url must be https://<host>; http is for the sandbox");
        }
        return plaintext && !Loopback.is(pubSubHost) ? Optional.of("salesforce.pubsub.plaintext is for the sandbox; it is "
                + "refused for the host " + pubSubHost) : Optional.empty();
    }

    private static String withoutTrailingSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** The component has no option for plaintext; its consumer has this setter, and this is the moment to call it. */
    private final class Transport extends LifecycleStrategySupport {
        @Override
        public void onServiceAdd(CamelContext context, Service service, Route route) {
            if (service instanceof PubSubApiConsumer consumer) {
                consumer.setUsePlainTextConnection(config.pubsub().plaintext());
            }
        }
    }

    /**
     * Prepares a message for a call: logged in, marked as ours, without leftovers of an earlier step, which would
     * override the options of the endpoint.
     *
     * @throws CrmException if the log-in fails
     */
    @Handler
    public void prepare(Exchange exchange) {
        logIn();
        Message message = exchange.getMessage();
        message.removeHeaders("raw*");
        message.removeHeaders("Sforce*");
        message.removeHeaders("sObject*");
        message.setHeader(CALL_OPTIONS_HEADER, CLIENT);
    }

    /**
     * Logs in unless there is a session.
     *
     * @throws CrmException if Salesforce refuses or does not answer
     */
    void logIn() {
        if (component.getSession() == null) {
            throw new CrmException(CrmException.Failure.TRANSIENT, Optional.empty(), "",
                    "the Salesforce component is not running", null);
        }
        if (component.getSession().getAccessToken() == null) {
            renewLogIn();
        }
    }

    /** Logs in anew, giving up the present session. */
    void renewLogIn() {
        try {
            component.getSession().login(component.getSession().getAccessToken());
        } catch (SalesforceException e) {
            throw SalesforceFailures.of(e, true);
        } catch (RuntimeException e) {
            throw new CrmException(CrmException.Failure.PROTOCOL, Optional.empty(), "",
                    "log-in answer not understood: " + e.getClass().getSimpleName(), e);
        }
    }

    /** The organisation and the instance it lives on, as the log-in told; a migration changes the one or the other. */
    String organisation() {
        return component.getSession().getOrgId() + "@" + component.getSession().getInstanceUrl();
    }

    /** Starts something that refuses lazy log-in. */
    void eagerly(Work work) throws Exception {
        component.getLoginConfig().setLazyLogin(false);
        try {
            work.run();
        } finally {
            component.getLoginConfig().setLazyLogin(true);
        }
    }

    /** The address of the log-in, for messages. */
    String describe() {
        return Map.of("login", config.loginUrl().orElse("?"), "pubsub",
                config.pubsub().host() + ":" + config.pubsub().port()).toString();
    }
}
