package io.leadroutes.sandbox.zoominfo.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.control.SettingException;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.webhook.Webhook.Subscription;
import io.leadroutes.sandbox.zoominfo.webhook.WorldChanges.Change;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The operations under {@code /webhooks} (collected facts §8), the control paths {@code changes} and {@code deliveries}, and
 * what happens in the world by itself.
 */
public final class WebhookFamily implements Family {

    static final String NOT_FOUND = "The webhook was not found";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MM-dd-yyyy'T'HH:mm:ss'.000Z'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final List<String> OBJECT_TYPES = List.of(Records.CONTACT, Records.COMPANY);
    private static final String UPDATE = "Update";
    private static final int TOKEN_BYTES = 64;
    private static final long TICK_MILLIS = 1_000;
    private static final double TICKS_PER_MINUTE = 60;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final ZoomInfoSettings settings;
    private final SandboxTime time;
    private final long seed;
    private final Map<String, Webhook> webhooks = new LinkedHashMap<>();
    private final SecureRandom secrets = new SecureRandom();
    private final Records records;
    private final WorldChanges changes;
    private final Deliveries deliveries;
    private final long ticks;
    private SplittableRandom ids;
    private double changesOwed;

    public WebhookFamily(Vertx vertx, World world, ZoomInfoSettings settings, Account account, SandboxTime time, long seed) {
        this.vertx = vertx;
        this.settings = settings;
        this.time = time;
        this.seed = seed;
        this.records = new Records(settings);
        this.changes = new WorldChanges(world, account, time, seed, records);
        this.deliveries = new Deliveries(vertx, settings, time, seed, id -> Optional.ofNullable(webhooks.get(id)));
        this.ids = new SplittableRandom(seed);
        this.ticks = vertx.setPeriodic(TICK_MILLIS, timer -> tick());
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("GET", "/webhooks/subscriptiontypes", Tier.SCALING, Meter.NONE, (call, body) -> subscriptionTypes());
        endpoints.add("POST", "/webhooks/validate", Tier.SCALING, Meter.NONE, this::validate);
        endpoints.add("POST", "/webhooks", Tier.SCALING, Meter.NONE, (call, body) -> create(body));
        endpoints.add("GET", "/webhooks", Tier.SCALING, Meter.NONE, (call, body) -> list());
        endpoints.add("GET", "/webhooks/:id", Tier.SCALING, Meter.NONE, (call, body) ->
                Reply.json(200, json(named(call, "/webhooks/{id}"), false)));
        endpoints.add("PUT", "/webhooks/:id", Tier.SCALING, Meter.NONE, (call, body) ->
                change(named(call, "/webhooks/{id}"), body));
        endpoints.add("DELETE", "/webhooks/:id", Tier.SCALING, Meter.NONE, (call, body) ->
                delete(named(call, "/webhooks/{id}")));
        endpoints.add("POST", "/webhooks/:id/token", Tier.SCALING, Meter.NONE, (call, body) -> {
            Webhook webhook = named(call, "/webhooks/{id}/token");
            webhook.token = newToken();
            return Reply.json(200, JSON.createObjectNode().put("verificationToken", webhook.token));
        });
    }

    @Override
    public void control(Endpoints.Controls controls) {
        controls.add("POST", "/_sandbox/changes", (request, body) -> {
            try {
                List<Change> made = changes.asked(JSON.readTree(body.getBytes()));
                return Reply.json(200, WorldChanges.told(made, deliver(made)));
            } catch (IOException e) {
                throw new SettingException("not JSON: a change or a list of changes is wanted");
            }
        });
        controls.add("GET", "/_sandbox/deliveries", (request, body) -> new Reply(200, "application/x-ndjson",
                Buffer.buffer(deliveries.toJsonLines(Optional.ofNullable(request.getParam("webhook")).orElse(""))),
                new LinkedHashMap<>()));
    }

    @Override
    public void stats(ObjectNode stats) {
        ObjectNode own = stats.putObject("webhooks").put("webhooks", webhooks.size()).put("changes", changes.made());
        deliveries.stats(own);
    }

    @Override
    public void reset() {
        webhooks.clear();
        deliveries.reset();
        changes.reset();
        ids = new SplittableRandom(seed);
        changesOwed = 0;
    }

    @Override
    public void close() {
        vertx.cancelTimer(ticks);
    }

    private void tick() {
        changesOwed += settings.changesPerMinute.get() / TICKS_PER_MINUTE;
        List<Change> made = new ArrayList<>();
        for (; changesOwed >= 1; changesOwed--) {
            made.addAll(changes.byChance());
        }
        deliver(made);
    }

    /** Tells those who subscribed of the changes of watched records; the numbers of the deliveries. */
    private List<Long> deliver(List<Change> made) {
        List<Long> numbers = new ArrayList<>();
        int most = (int) Math.min(25, settings.webhooksRecordsPerDelivery.get());
        for (Webhook webhook : webhooks.values()) {
            for (Subscription subscription : webhook.enabled ? webhook.subscriptions : List.<Subscription>of()) {
                List<Change> wanted = made.stream().filter(change -> change.watched()
                        && change.objectType().equals(subscription.objectType)).toList();
                for (int from = 0; from < wanted.size(); from += most) {
                    List<Change> some = wanted.subList(from, Math.min(wanted.size(), from + most));
                    List<ObjectNode> bodies = some.stream().map(change -> record(change, subscription.fullPayload)).toList();
                    numbers.add(deliveries.send(webhook, subscription.objectType, some.stream().map(Change::id).toList(),
                            records.body(webhook.id, webhook.title, subscription.objectType, bodies)));
                }
            }
        }
        return numbers;
    }

    private ObjectNode record(Change change, boolean full) {
        return change.person().map(person -> records.record(person, change.attributes(), full))
                .orElseGet(() -> records.record(change.company().orElseThrow(), change.attributes(), full));
    }

    private static Reply subscriptionTypes() {
        ObjectNode types = JSON.createObjectNode();
        OBJECT_TYPES.forEach(types.putArray("objectTypes")::add);
        types.putArray("eventTypes").add(UPDATE);
        return Reply.json(200, types);
    }

    private Reply create(JsonNode body) {
        List<String> wrong = new ArrayList<>();
        if (body.path("title").asText().isBlank() || body.path("targetUrl").asText().isBlank()
                || body.path("subscriptions").isEmpty()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        check(body, wrong);
        Instant now = time.now();
        List<Subscription> subscriptions = new ArrayList<>();
        body.path("subscriptions").forEach(item -> subscriptions.add(subscription(item, now, wrong)));
        refuse(wrong);
        Webhook webhook = new Webhook(newId(), now, body.path("title").asText(), body.path("enabled").asBoolean(true),
                body.path("targetUrl").asText(), newToken());
        webhook.subscriptions.addAll(subscriptions);
        webhooks.put(webhook.id, webhook);
        return Reply.json(200, json(webhook, true));
    }

    private Reply list() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("webhooks");
        webhooks.values().forEach(webhook -> list.add(json(webhook, false)));
        return Reply.json(200, answer);
    }

    /** Values that are given overwrite; of subscriptions, an id with values changes, an id alone deletes, no id adds. */
    private Reply change(Webhook webhook, JsonNode body) {
        List<String> wrong = new ArrayList<>();
        check(body, wrong);
        if (body.has("title") && body.path("title").asText().isBlank()) {
            wrong.add("title");
        }
        Instant now = time.now();
        List<Runnable> acts = new ArrayList<>();
        for (JsonNode item : body.path("subscriptions")) {
            prepare(webhook, item, now, acts, wrong);
        }
        refuse(wrong);
        webhook.title = body.path("title").asText(webhook.title);
        webhook.enabled = body.path("enabled").asBoolean(webhook.enabled);
        webhook.targetUrl = body.path("targetUrl").asText(webhook.targetUrl);
        acts.forEach(Runnable::run);
        return Reply.json(200, json(webhook, false));
    }

    private void prepare(Webhook webhook, JsonNode item, Instant now, List<Runnable> acts, List<String> wrong) {
        if (!item.hasNonNull("subscriptionId")) {
            Subscription added = subscription(item, now, wrong);
            acts.add(() -> webhook.subscriptions.add(added));
            return;
        }
        String id = item.path("subscriptionId").asText();
        Optional<Subscription> known = webhook.subscriptions.stream().filter(each -> each.id.equals(id)).findFirst();
        if (known.isEmpty()) {
            wrong.add("subscriptionId");
        } else if (item.size() == 1) {
            acts.add(() -> webhook.subscriptions.remove(known.get()));
        } else {
            Subscription values = subscription(item, now, wrong, known.get());
            acts.add(() -> {
                known.get().objectType = values.objectType;
                known.get().fullPayload = values.fullPayload;
                known.get().modified = now;
            });
        }
    }

    private Reply delete(Webhook webhook) {
        webhooks.remove(webhook.id);
        ObjectNode answer = JSON.createObjectNode().put("id", webhook.id).put("targetUrl", webhook.targetUrl)
                .put("createdDate", DATE.format(webhook.created)).put("status", "deleted");
        answer.set("subscriptions", subscriptions(webhook));
        return Reply.json(200, answer);
    }

    /** Posts a test body to the target and tells what it answered. */
    private Reply validate(Call call, JsonNode body) {
        List<String> wrong = new ArrayList<>();
        if (body.path("targetUrl").asText().isBlank() || body.path("objectType").asText().isBlank()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        check(body, wrong);
        String objectType = objectType(body, "", wrong);
        boolean full = flag(body, "fullPayload", true, wrong);
        refuse(wrong);
        String target = body.path("targetUrl").asText();
        Optional<String> token = webhooks.values().stream().filter(webhook -> webhook.targetUrl.equals(target)
                && settings.webhooksValidateWithToken.get()).map(webhook -> webhook.token).findFirst();
        ObjectNode sample = JSON.createObjectNode().put("id", 1);
        if (objectType.equals(Records.CONTACT)) {
            sample.put("firstName", "Test").put("lastName", "Record").put("email", "test@example.com");
        } else {
            sample.put("name", "Test").put("website", "www.example.com");
        }
        if (full && objectType.equals(Records.CONTACT)) {
            sample.put("jobTitle", "Test");
        }
        sample.putArray("changedAttributes");
        ObjectNode test = records.body("0", "Test", objectType, List.of(sample));
        return call.later(deliveries.post(target, token, Buffer.buffer(test.toString()))
                .map(status -> Reply.json(200, JSON.createObjectNode().put("message", HttpResponseStatus.valueOf(status).reasonPhrase())
                        .put("success", status >= 200 && status < 300).put("responseCode", status)))
                .otherwise(problem -> Reply.json(200, JSON.createObjectNode()
                        .put("message", "No answer: " + problem.getMessage()).put("success", false)
                        .put("responseCode", 0))));
    }

    private void check(JsonNode body, List<String> wrong) {
        if (body.has("enabled") && !body.path("enabled").isBoolean()) {
            wrong.add("enabled");
        }
        if (body.has("title") && !body.path("title").isTextual()) {
            wrong.add("title");
        }
        if (body.has("targetUrl") && !isTarget(body.path("targetUrl"))) {
            wrong.add("targetUrl");
        }
        if (body.has("subscriptions") && !body.path("subscriptions").isArray()) {
            wrong.add("subscriptions");
        }
    }

    private boolean isTarget(JsonNode node) {
        try {
            URI uri = URI.create(node.asText());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            return node.isTextual() && uri.getHost() != null && (scheme.equals("https") || scheme.equals("http")
                    && settings.webhooksAllowHttp.get() && Deliveries.isThisMachine(node.asText()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Subscription subscription(JsonNode item, Instant now, List<String> wrong) {
        return subscription(item, now, wrong, new Subscription(newId(), now, "", true));
    }

    private Subscription subscription(JsonNode item, Instant now, List<String> wrong, Subscription before) {
        if (item.has("eventType") ? !item.path("eventType").asText().equalsIgnoreCase(UPDATE) : before.objectType.isEmpty()) {
            wrong.add("eventType");
        }
        return new Subscription(before.id, now, objectType(item, before.objectType, wrong),
                flag(item, "fullPayload", before.fullPayload, wrong));
    }

    private static String objectType(JsonNode item, String before, List<String> wrong) {
        String given = item.path("objectType").asText(before);
        return OBJECT_TYPES.stream().filter(given::equalsIgnoreCase).findFirst().orElseGet(() -> {
            wrong.add("objectType");
            return before;
        });
    }

    private static boolean flag(JsonNode item, String name, boolean before, List<String> wrong) {
        if (item.has(name) && !item.path(name).isBoolean()) {
            wrong.add(name);
        }
        return item.path(name).asBoolean(before);
    }

    private static void refuse(List<String> wrong) {
        if (!wrong.isEmpty()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", wrong.stream().distinct().toList());
        }
    }

    private Webhook named(Call call, String operation) {
        call.operation(operation);
        String id = call.path().split("/")[2];
        call.ids(List.of(id));
        Webhook webhook = webhooks.get(id);
        if (webhook == null) {
            throw new ApiError(404, NOT_FOUND);
        }
        return webhook;
    }

    private static ObjectNode json(Webhook webhook, boolean withToken) {
        ObjectNode node = JSON.createObjectNode().put("id", webhook.id).put("title", webhook.title)
                .put("enabled", webhook.enabled).put("targetUrl", webhook.targetUrl)
                .put("createdDate", DATE.format(webhook.created));
        if (withToken) {
            node.put("verificationToken", webhook.token);
        }
        node.set("subscriptions", subscriptions(webhook));
        return node;
    }

    private static ArrayNode subscriptions(Webhook webhook) {
        ArrayNode list = JSON.createArrayNode();
        for (Subscription each : webhook.subscriptions) {
            list.addObject().put("createdDate", DATE.format(each.created)).put("modifiedDate", DATE.format(each.modified))
                    .put("eventType", UPDATE).put("objectType", each.objectType).put("fullPayload", each.fullPayload)
                    .put("subscriptionId", each.id);
        }
        return list;
    }

    /** Nine digits. */
    private String newId() {
        String id = Long.toString(ids.nextLong(100_000_000, 1_000_000_000));
        return webhooks.containsKey(id) ? newId() : id;
    }

    private String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        secrets.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
