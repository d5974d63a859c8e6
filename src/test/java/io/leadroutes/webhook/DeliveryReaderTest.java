package io.leadroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leadroutes.webhook.Delivery.ObjectType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryReaderTest {

    @Test
    void theDocumentationsSampleIsRead() throws WebhookRefusal {
        Delivery delivery = read("""
                {"webhookDetails":{"id":"967763288","title":"My Webhook","objectType":"Contact","eventType":"Update"},
                 "data":[{"id":1000000001,"firstName":"Ada","lastName":"Example","email":"ada@example.com",
                          "jobTitle":"CTO","department":"C-Suite","changedAttributes":["jobTitle","department"]}]}""");
        assertThat(delivery.webhookId()).isEqualTo("967763288");
        assertThat(delivery.objectType()).isEqualTo(ObjectType.CONTACT);
        ChangedRecord record = delivery.records().get(0);
        assertThat(record.zoominfoId()).isEqualTo("1000000001");
        assertThat(record.changedAttributes()).containsExactly("jobTitle", "department");
        assertThat(record.profile()).containsEntry("jobTitle", "CTO").doesNotContainKey("changedAttributes");
        assertThat(record.complete()).isTrue();
        assertThat(record.optedOut()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"`Contact`,CONTACT", "`company`,COMPANY", "`Company`,COMPANY"})
    void theObjectTypeIsReadInAnyCase(String written, ObjectType type) throws WebhookRefusal {
        assertThat(read(body(written, "{\"id\":1}")).objectType()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000001", "\"1000000001\"", "\" 1000000001 \""})
    void anIdMayBeANumberOrText(String id) throws WebhookRefusal {
        assertThat(record("{\"id\":" + id + "}").zoominfoId()).isEqualTo("1000000001");
    }

    @Test
    void anIdMayBeNegative() throws WebhookRefusal {
        assertThat(record("{\"id\":-123456}").zoominfoId()).isEqualTo("-123456");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"id\":1,\"firstName\":\"A\",\"lastName\":\"B\",\"email\":\"a@b.com\",\"changedAttributes\":[\"jobTitle\"]}",
        "{\"id\":1,\"firstName\":\"A\",\"lastName\":\"B\",\"email\":\"a@b.com\",\"changedAttributes\":[\"email\",\"companyName\"]}",
        "{\"id\":1,\"firstName\":\"A\",\"lastName\":\"B\",\"email\":\"a@b.com\"}"})
    void aRecordWithoutTheValuesThatChangedIsIncomplete(String record) throws WebhookRefusal {
        assertThat(record(record).complete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1,\"email\":\"a@b.com\",\"changedAttributes\":[\"email\"]}",
        "{\"id\":1,\"jobTitle\":\"CTO\"}",
        "{\"id\":1,\"company\":{\"name\":\"Acme\",\"id\":7},\"changedAttributes\":[\"companyName\",\"companyId\"]}",
        "{\"id\":1,\"company\":[{\"name\":\"Acme\"}],\"changedAttributes\":[\"name\"]}",
        "{\"id\":1,\"jobTitle\":\"\",\"changedAttributes\":\"jobTitle\"}"})
    void aRecordWithTheValuesThatChangedIsComplete(String record) throws WebhookRefusal {
        assertThat(record(record).complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1,\"optOut\":true}", "{\"id\":1,\"opted_out\":\"Yes\"}",
        "{\"id\":1,\"matchStatus\":\"OPT_OUT\"}", "{\"id\":1,\"changedAttributes\":[\"optOut\"]}",
        "{\"id\":1,\"isOptedOut\":1,\"changedAttributes\":[\"jobTitle\"]}"})
    void anOptOutIsRecognisedInItsKnownForms(String record) throws WebhookRefusal {
        assertThat(record(record).optedOut()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1,\"optOut\":false,\"changedAttributes\":[\"optOut\"]}",
        "{\"id\":1,\"jobTitle\":\"Opt Out Manager\",\"changedAttributes\":[\"jobTitle\"]}", "{\"id\":1,\"status\":\"ALIVE\"}"})
    void whatDeniesAnOptOutOrOnlyLooksLikeOneIsNone(String record) throws WebhookRefusal {
        assertThat(record(record).optedOut()).isFalse();
    }

    @Test
    void twentyFiveRecordsAreTakenAndTwentySixAreNot() throws WebhookRefusal {
        assertThat(read(body("Contact", records(25))).records()).hasSize(25);
        assertRefused(body("Contact", records(26)), "data", "maxItems");
    }

    @Test
    void whatIsNoDeliveryIsRefusedByFieldAndRule() {
        Map.of("", "body type", "{", "body json", "[]", "body type", "{} x", "body json", "{\"a\":1,\"a\":2}", "body json",
                "{\"data\":[]}", "webhookDetails.id required",
                "{\"webhookDetails\":{\"id\":\"1\",\"objectType\":\"Lead\"},\"data\":[]}", "webhookDetails.objectType enum",
                "{\"webhookDetails\":{\"id\":\"1\",\"objectType\":\"Contact\"}}", "data type",
                body("Contact", "{\"id\":\"one\"}"), "data[0].id format",
                body("Contact", "{\"id\":1},{\"id\":1.5}"), "data[1].id format").forEach((body, expected) ->
                assertRefused(body, expected.split(" ")[0], expected.split(" ")[1]));
        assertRefused(body("Contact", "7"), "data[0]", "type");
        assertRefused(body("Contact", "{\"id\":1,\"changedAttributes\":[7]}"), "data[0].changedAttributes", "type");
        assertRefused(body("Contact", "{\"id\":1,\"jobTitle\":\"\\u0000\"}"), "body", "characters");
        assertRefused(body("Contact", "{\"id\":1,\"jobTitle\":\"\\ud800\"}"), "body", "characters");
    }

    private static void assertRefused(String body, String field, String rule) {
        WebhookRefusal refusal = catchThrowableOfType(WebhookRefusal.class, () -> read(body));
        assertThat(refusal).as(body).isNotNull();
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.field()).as(body).isEqualTo(field);
        assertThat(refusal.rule()).as(body).isEqualTo(rule);
    }

    private static String records(int count) {
        return IntStream.range(0, count).mapToObj(i -> "{\"id\":" + (i + 1) + "}").collect(Collectors.joining(","));
    }

    private static String body(String objectType, String records) {
        return "{\"webhookDetails\":{\"id\":\"1\",\"objectType\":\"" + objectType + "\"},\"data\":[" + records + "]}";
    }

    private static ChangedRecord record(String record) throws WebhookRefusal {
        return read(body("Contact", record)).records().get(0);
    }

    private static Delivery read(String body) throws WebhookRefusal {
        return DeliveryReader.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
