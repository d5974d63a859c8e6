package io.leadroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.webhook.WebhookPlan.Act;
import io.leadroutes.webhook.WebhookPlan.Step;
import io.leadroutes.webhook.WebhookPlan.Wanted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookPlanTest {

    private static final String URL = "https://leads.example.com/webhooks/zoominfo";
    private static final Wanted WANTED = new Wanted("LeadRoutes", URL, List.of("Contact", "Company"), true);

    @Test
    void withoutOneOfOursOneIsMadeDisabledAndForeignOnesAreLeftAlone() {
        List<Step> steps = plan(List.of(webhook("5", "Somebody else's", "https://other.example.com/hook", true)), List.of());
        assertThat(steps).extracting(Step::act).containsExactly(Act.CREATE);
        assertThat(steps.get(0).request()).containsEntry("enabled", false).containsEntry("title", "LeadRoutes")
                .containsEntry("targetUrl", URL);
        assertThat((List<?>) steps.get(0).request().get("subscriptions")).hasSize(2).first()
                .isEqualTo(Map.of("eventType", "Update", "objectType", "Contact", "fullPayload", true));
    }

    @Test
    void whatIsAsConfiguredNeedsNothing() {
        assertThat(plan(List.of(webhook("1", "LeadRoutes", URL, true)), List.of("1"))).isEmpty();
    }

    @Test
    void aDisabledOneIsEnabled() {
        assertThat(plan(List.of(webhook("1", "LeadRoutes", URL, false)), List.of("1")))
                .containsExactly(new Step(Act.ENABLE, "1", Map.of()));
    }

    @Test
    void oneWhoseTokenIsNotKnownIsToldANewOne() {
        assertThat(plan(List.of(webhook("1", "LeadRoutes", URL, false)), List.of())).extracting(Step::act)
                .containsExactly(Act.ROTATE, Act.ENABLE);
    }

    @Test
    void anotherTargetIsSetWhileItIsDisabledAndThenTested() {
        List<Step> steps = plan(List.of(webhook("1", "LeadRoutes", "https://old.example.com/webhooks/zoominfo", true)),
                List.of("1"));
        assertThat(steps).containsExactly(new Step(Act.CHANGE, "1", ordered("enabled", false, "targetUrl", URL)),
                new Step(Act.ENABLE, "1", Map.of()));
    }

    @Test
    void subscriptionsAreChangedAddedAndTakenAwayByTheirIds() {
        Map<String, Object> webhook = webhook("1", "LeadRoutes", URL, true);
        webhook.put("subscriptions", List.of(subscription("11", "Contact", false), subscription("12", "Contact", true),
                subscription("13", "Other", true)));
        List<Step> steps = plan(List.of(webhook), List.of("1"));
        assertThat(steps).extracting(Step::act).containsExactly(Act.CHANGE);
        assertThat(steps.get(0).request()).isEqualTo(Map.of("subscriptions", List.of(
                Map.of("subscriptionId", "11", "eventType", "Update", "objectType", "Contact", "fullPayload", true),
                Map.of("subscriptionId", "12"), Map.of("subscriptionId", "13"),
                Map.of("eventType", "Update", "objectType", "Company", "fullPayload", true))));
    }

    @Test
    void ofSeveralOfOursTheOneWithAKnownTokenStaysAndTheOthersGo() {
        List<Step> steps = plan(List.of(webhook("1", "LeadRoutes", URL, true), webhook("2", "LeadRoutes", URL, true),
                webhook("3", "leadroutes", URL, true)), List.of("2"));
        assertThat(steps).containsExactly(new Step(Act.DELETE, "1", Map.of()));
    }

    @Test
    void oursIsOursUnderAnotherTitleToo() {
        assertThat(plan(List.of(webhook("1", "Renamed by hand", URL, true)), List.of("1")))
                .containsExactly(new Step(Act.CHANGE, "1", Map.of("title", "LeadRoutes")));
    }

    @Test
    void anOldTokenIsRotated() {
        assertThat(WebhookPlan.of(WANTED, List.of(webhook("1", "LeadRoutes", URL, true)), List.of("1"), List.of("1")))
                .containsExactly(new Step(Act.ROTATE, "1", Map.of()));
    }

    @Test
    void theListIsReadWithAndWithoutItsEnvelopeAndIdsMayBeNumbers() {
        Map<String, Object> webhook = webhook("1", "LeadRoutes", URL, true);
        webhook.put("id", 1);
        assertThat(WebhookPlan.listed(Map.of("webhooks", List.of(webhook)))).containsExactly(webhook);
        assertThat(WebhookPlan.listed(List.of(webhook))).containsExactly(webhook);
        assertThat(WebhookPlan.listed("nothing")).isEmpty();
        assertThat(plan(List.of(webhook), List.of("1"))).isEmpty();
    }

    private static List<Step> plan(List<Map<String, Object>> existing, List<String> known) {
        return WebhookPlan.of(WANTED, existing, known, List.of());
    }

    private static Map<String, Object> webhook(String id, String title, String url, boolean enabled) {
        return ordered("id", id, "title", title, "targetUrl", url, "enabled", enabled, "subscriptions",
                new ArrayList<>(List.of(subscription("21", "contact", true), subscription("22", "Company", true))));
    }

    private static Map<String, Object> subscription(String id, String object, boolean full) {
        return ordered("subscriptionId", id, "objectType", object, "eventType", "Update", "fullPayload", full);
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
