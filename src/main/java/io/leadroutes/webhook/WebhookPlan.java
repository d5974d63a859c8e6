package io.leadroutes.webhook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What has to be done so that ZoomInfo's list of webhooks is as configured. Touches nothing but what is ours. */
final class WebhookPlan {

    /** The kinds of steps. */
    public enum Act {
        DELETE, CREATE, ROTATE, CHANGE, ENABLE
    }

    /**
     * One step.
     *
     * @param webhookId empty for {@link Act#CREATE}
     * @param request   the body of the call; empty where it needs none
     */
    public record Step(Act act, String webhookId, Map<String, Object> request) {
    }

    /**
     * The one webhook that is wanted.
     *
     * @param objects   {@code Contact}, {@code Company} or both
     * @param targetUrl where ZoomInfo is to deliver
     */
    record Wanted(String title, String targetUrl, List<String> objects, boolean fullPayload) {
    }

    private static final String UPDATE = "Update";

    private final Wanted wanted;
    private final Set<String> known;
    private final Set<String> due;

    private WebhookPlan(Wanted wanted, Collection<String> known, Collection<String> due) {
        this.wanted = wanted;
        this.known = Set.copyOf(known);
        this.due = Set.copyOf(due);
    }

    /**
     * @param existing ZoomInfo's list
     * @param known    ids of those whose token we have
     * @param due      ids of those whose token is to be rotated
     * @return the steps in their order
     */
    static List<Step> of(Wanted wanted, List<Map<String, Object>> existing, Collection<String> known,
            Collection<String> due) {
        return new WebhookPlan(wanted, known, due).steps(existing);
    }

    private List<Step> steps(List<Map<String, Object>> existing) {
        List<Map<String, Object>> ours = existing.stream().filter(this::isOurs).toList();
        Optional<Map<String, Object>> kept = ours.stream().filter(each -> known.contains(id(each))
                && wanted.targetUrl().equals(text(each, "targetUrl"))).findFirst()
                .or(() -> ours.stream().filter(each -> known.contains(id(each))).findFirst())
                .or(() -> ours.stream().findFirst());
        List<Step> steps = new ArrayList<>();
        ours.stream().filter(each -> each != kept.orElse(null))
                .forEach(each -> steps.add(new Step(Act.DELETE, id(each), Map.of())));
        if (kept.isEmpty()) {
            steps.add(new Step(Act.CREATE, "", creation()));
            return steps;
        }
        String id = id(kept.get());
        // One that lost its token, or that was created by a call whose answer was lost, is told a new one.
        if (!known.contains(id) || due.contains(id)) {
            steps.add(new Step(Act.ROTATE, id, Map.of()));
        }
        Map<String, Object> change = change(kept.get());
        if (!change.isEmpty()) {
            steps.add(new Step(Act.CHANGE, id, change));
        }
        if (change.containsKey("targetUrl") || !"true".equals(text(kept.get(), "enabled"))) {
            steps.add(new Step(Act.ENABLE, id, Map.of()));
        }
        return steps;
    }

    private boolean isOurs(Map<String, Object> webhook) {
        return wanted.title().equals(text(webhook, "title")) || known.contains(id(webhook));
    }

    /** Disabled: it is enabled when its target has been found good. */
    private Map<String, Object> creation() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("title", wanted.title());
        request.put("enabled", false);
        request.put("targetUrl", wanted.targetUrl());
        request.put("subscriptions", wanted.objects().stream().map(this::subscription).toList());
        return request;
    }

    private Map<String, Object> subscription(String object) {
        Map<String, Object> subscription = new LinkedHashMap<>();
        subscription.put("eventType", UPDATE);
        subscription.put("objectType", object);
        subscription.put("fullPayload", wanted.fullPayload());
        return subscription;
    }

    private Map<String, Object> change(Map<String, Object> webhook) {
        Map<String, Object> request = new LinkedHashMap<>();
        if (!wanted.title().equals(text(webhook, "title"))) {
            request.put("title", wanted.title());
        }
        if (!wanted.targetUrl().equals(text(webhook, "targetUrl"))) {
            request.put("enabled", false);
            request.put("targetUrl", wanted.targetUrl());
        }
        List<Map<String, Object>> subscriptions = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(wanted.objects());
        for (Map<?, ?> each : maps(webhook.get("subscriptions"))) {
            Optional<String> object = missing.stream()
                    .filter(wish -> wish.equalsIgnoreCase(text(each, "objectType"))).findFirst();
            Map<String, Object> change = new LinkedHashMap<>();
            change.put("subscriptionId", text(each, "subscriptionId"));
            if (object.isEmpty()) {
                subscriptions.add(change);
                continue;
            }
            missing.remove(object.get());
            if (!String.valueOf(wanted.fullPayload()).equals(text(each, "fullPayload"))) {
                change.putAll(subscription(object.get()));
                subscriptions.add(change);
            }
        }
        missing.forEach(object -> subscriptions.add(subscription(object)));
        if (!subscriptions.isEmpty()) {
            request.put("subscriptions", subscriptions);
        }
        return request;
    }

    /** The webhooks of an answer: {@code webhooks[]}, or the answer itself. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> listed(Object answer) {
        Object list = answer instanceof Map<?, ?> map ? map.get("webhooks") : answer;
        return maps(list).stream().map(each -> (Map<String, Object>) each).toList();
    }

    static String id(Map<?, ?> webhook) {
        return text(webhook, "id");
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    private static List<Map<?, ?>> maps(Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (list instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }
}
