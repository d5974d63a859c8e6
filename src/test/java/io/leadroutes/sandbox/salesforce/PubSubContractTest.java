package io.leadroutes.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import com.salesforce.eventbus.protobuf.PubSubGrpc;
import com.salesforce.eventbus.protobuf.ReplayPreset;
import com.salesforce.eventbus.protobuf.SchemaRequest;
import com.salesforce.eventbus.protobuf.TopicRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PubSubContractTest {

    private static final TestOrganisation ORG = new TestOrganisation();
    private static final String LEADS = "/data/LeadChangeEvent";

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        ORG.control("POST", "reset", "");
        ORG.headers(Map.of());
        ORG.login(SalesforceSandbox.USERNAME);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", ORG.sandbox.pubSubPort()).usePlaintext().build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @AfterAll
    static void stop() {
        ORG.close();
    }

    private Metadata metadata(String token) {
        Metadata metadata = new Metadata();
        Map.of("accesstoken", token, "instanceurl", ORG.base, "tenantid", SalesforceSandbox.ORGANISATION)
                .forEach((key, value) -> metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }

    private PubSubGrpc.PubSubBlockingStub blocking() {
        return PubSubGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(ORG.token())));
    }

    private final class Subscriber implements StreamObserver<FetchResponse> {
        private final List<FetchResponse> answers = new CopyOnWriteArrayList<>();
        private final List<Throwable> errors = new CopyOnWriteArrayList<>();
        private final StreamObserver<FetchRequest> requests;
        private volatile boolean completed;

        Subscriber(String topic, int requested, ReplayPreset preset, ByteString from) {
            requests = PubSubGrpc.newStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(ORG.token()))).subscribe(this);
            long before = subscribers();
            requests.onNext(FetchRequest.newBuilder().setTopicName(topic).setNumRequested(requested)
                    .setReplayPreset(preset).setReplayId(from).build());
            Awaitility.await().until(() -> subscribers() > before || !errors.isEmpty());
        }

        void request(int more) {
            requests.onNext(FetchRequest.newBuilder().setTopicName(LEADS).setNumRequested(more).build());
        }

        List<GenericRecord> events() {
            List<GenericRecord> events = new ArrayList<>();
            for (FetchResponse answer : answers) {
                answer.getEventsList().forEach(event -> events.add(decode(event.getEvent().getSchemaId(),
                        event.getEvent().getPayload())));
            }
            return events;
        }

        List<GenericRecord> await(int count) {
            Awaitility.await().until(() -> events().size() >= count);
            return events();
        }

        String error() {
            Awaitility.await().until(() -> !errors.isEmpty());
            return Optional.ofNullable(Status.trailersFromThrowable(errors.get(0))).map(trailers -> trailers
                    .get(Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER))).orElse("");
        }

        @Override
        public void onNext(FetchResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onCompleted() {
            completed = true;
        }
    }

    private static long subscribers() {
        return ORG.control("GET", "stats", "").path("pubsub").path("subscribers").asLong();
    }

    private Subscriber latest(int requested) {
        return new Subscriber(LEADS, requested, ReplayPreset.LATEST, ByteString.EMPTY);
    }

    private GenericRecord decode(String schemaId, ByteString payload) {
        Schema schema = schema(schemaId);
        try {
            return new GenericDatumReader<GenericRecord>(schema).read(null,
                    DecoderFactory.get().binaryDecoder(payload.toByteArray(), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Schema schema(String id) {
        return new Schema.Parser().parse(blocking().getSchema(SchemaRequest.newBuilder().setSchemaId(id).build())
                .getSchemaJson());
    }

    private static GenericRecord header(GenericRecord event) {
        return (GenericRecord) event.get("ChangeEventHeader");
    }

    /** Field names of a bitmap list, read as Salesforce's documentation describes it. */
    private static Set<String> names(GenericRecord event, String list) {
        Set<String> names = new TreeSet<>();
        for (Object item : (List<?>) header(event).get(list)) {
            String[] parts = item.toString().split("-");
            Schema schema = event.getSchema();
            String prefix = "";
            if (parts.length == 2) {
                Schema.Field parent = schema.getFields().get(Integer.parseInt(parts[0]));
                prefix = parent.name() + ".";
                schema = parent.schema().getTypes().get(1);
            }
            BigInteger bits = new BigInteger(parts[parts.length - 1].substring(2), 16);
            for (Schema.Field field : schema.getFields()) {
                if (bits.testBit(field.pos())) {
                    names.add(prefix + field.name());
                }
            }
        }
        return names;
    }

    @Test
    void aNewLeadIsAnEventWithItsFields() {
        Subscriber subscriber = latest(10);
        String id = ORG.call("POST", "sobjects/Lead", "{'FirstName':'Ada','LastName':'Lane','Company':'Acme',"
                + "'City':'Bonn','NumberOfEmployees':7,'LeadRoutes_Score__c':1.5}").body().path("id").asText();
        GenericRecord event = subscriber.await(1).get(0);
        assertThat(header(event).get("changeType")).hasToString("CREATE");
        assertThat(header(event).get("entityName")).hasToString("Lead");
        assertThat(header(event).get("recordIds")).hasToString("[" + id + "]");
        assertThat(header(event).get("changedFields")).hasToString("[]");
        assertThat(header(event).get("commitUser")).hasToString("005Sb0000000099IAA");
        assertThat(((GenericRecord) event.get("Name")).get("LastName")).hasToString("Lane");
        assertThat(((GenericRecord) event.get("Address")).get("City")).hasToString("Bonn");
        assertThat(event.get("NumberOfEmployees")).isEqualTo(7);
        assertThat(event.get("LeadRoutes_Score__c")).isEqualTo(1.5);
        assertThat(event.get("Email")).isNull();
    }

    @Test
    void anUpdateNamesExactlyTheChangedAndTheNulledFields() {
        String id = ORG.call("POST", "sobjects/Lead", "{'FirstName':'Ada','LastName':'Lane','Company':'Acme',"
                + "'Title':'CEO','Street':'1 Road','City':'Bonn'}").body().path("id").asText();
        Subscriber subscriber = latest(10);
        ORG.headers(Map.of("Sforce-Call-Options", "client=leadroutes"));
        ORG.call("PATCH", "sobjects/Lead/" + id,
                "{'FirstName':'Eve','Company':'Acme','Title':null,'City':'','ZoomInfo_Company_Id__c':'9'}");
        GenericRecord event = subscriber.await(1).get(0);
        assertThat(header(event).get("changeType")).hasToString("UPDATE");
        assertThat(header(event).get("changeOrigin")).hasToString("com/salesforce/api/rest/62.0;client=leadroutes");
        assertThat(names(event, "changedFields")).containsExactly("Address.City", "LastModifiedDate",
                "Name.FirstName", "Title", "ZoomInfo_Company_Id__c");
        assertThat(names(event, "nulledFields")).containsExactly("Address.City", "Title");
        assertThat(((GenericRecord) event.get("Name")).get("FirstName")).hasToString("Eve");
        assertThat(((GenericRecord) event.get("Name")).get("LastName")).isNull();
        assertThat(event.get("Company")).isNull();
    }

    @Test
    void equalChangesOfOneTransactionShareAnEvent() {
        String first = ORG.lead("a");
        String second = ORG.lead("b");
        Subscriber subscriber = latest(10);
        String records = "{'attributes':{'type':'Lead'},'id':'" + first + "','Title':'%s'},"
                + "{'attributes':{'type':'Lead'},'id':'" + second + "','Title':'%s'}";
        ORG.call("PATCH", "composite/sobjects", "{'records':[" + records.formatted("x", "x") + "]}");
        ORG.call("PATCH", "composite/sobjects", "{'records':[" + records.formatted("y", "z") + "]}");
        List<GenericRecord> events = subscriber.await(3);
        assertThat(header(events.get(0)).get("recordIds")).hasToString("[" + first + ", " + second + "]");
        assertThat(header(events.get(1)).get("transactionKey")).isEqualTo(header(events.get(2)).get("transactionKey"));
        assertThat(header(events.get(2)).get("sequenceNumber")).isEqualTo(2);
    }

    @Test
    void noMoreEventsAreSentThanWereRequested() {
        Subscriber subscriber = latest(3);
        ORG.control("POST", "sample-leads", "{'count':5}");
        subscriber.await(3);
        Subscriber other = latest(1);
        ORG.lead("after");
        other.await(1);
        assertThat(subscriber.events()).hasSize(3);
        assertThat(subscriber.answers.get(subscriber.answers.size() - 1).getPendingNumRequested()).isZero();
        subscriber.request(100);
        assertThat(subscriber.await(6)).hasSize(6);
    }

    @Test
    void aStreamResumesAfterTheReplayIdItWasLeftAt() {
        Subscriber first = latest(100);
        ORG.lead("one");
        ORG.lead("two");
        first.await(2);
        ByteString position = first.answers.stream().flatMap(a -> a.getEventsList().stream()).findFirst().orElseThrow()
                .getReplayId();
        assertThat(ORG.control("POST", "streams/break", "").path("ended").asInt()).isEqualTo(1);
        assertThat(first.error()).isEqualTo("sfdc.platform.eventbus.grpc.service.unavailable");
        ORG.lead("three");
        Subscriber again = new Subscriber(LEADS, 100, ReplayPreset.CUSTOM, position);
        assertThat(again.await(2)).extracting(event -> ((GenericRecord) event.get("Name")).get("LastName").toString())
                .containsExactly("two", "three");
        Subscriber all = new Subscriber("/data/ChangeEvents", 100, ReplayPreset.EARLIEST, ByteString.EMPTY);
        assertThat(all.await(3)).hasSize(3);
    }

    @Test
    void aReplayIdThatIsForgedOldOrInvalidatedIsRefused() {
        Subscriber first = latest(100);
        ORG.lead("one");
        first.await(1);
        ByteString position = first.answers.get(0).getLatestReplayId();
        byte[] forged = position.toByteArray();
        forged[5]++;
        assertThat(new Subscriber(LEADS, 1, ReplayPreset.CUSTOM, ByteString.copyFrom(forged)).error())
                .isEqualTo("sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted");
        ORG.control("POST", "replay-ids/invalidate", "");
        assertThat(new Subscriber(LEADS, 1, ReplayPreset.CUSTOM, position).error())
                .isEqualTo("sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted");
        ORG.lead("two");
        first.await(2);
        ByteString fresh = first.answers.get(1).getLatestReplayId();
        ORG.time.advance(Duration.ofHours(73));
        ORG.login(SalesforceSandbox.USERNAME);
        assertThat(new Subscriber(LEADS, 1, ReplayPreset.CUSTOM, fresh).error())
                .isEqualTo("sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted");
    }

    @Test
    void afterAMigrationAReplayIdNamesALaterEventAndTheEventsBetweenAreNotDelivered() {
        Subscriber first = latest(10);
        ORG.lead("one");
        first.await(1);
        ByteString old = first.answers.get(0).getLatestReplayId();
        ORG.lead("two");
        ORG.lead("three");
        ORG.lead("four");
        ORG.control("POST", "replay-ids/shift", "{'by':2}");
        assertThat(new Subscriber(LEADS, 10, ReplayPreset.CUSTOM, old).await(1)).hasSize(1)
                .allSatisfy(event -> assertThat(event.get("Name").toString()).contains("four"));
        ORG.control("POST", "replay-ids/shift", "{'by':2}");
        assertThat(new Subscriber(LEADS, 10, ReplayPreset.CUSTOM, old).error())
                .isEqualTo("sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted");
    }

    @Test
    void anIdleStreamGetsAKeepAliveWhosePositionCanBeUsed() {
        ORG.control("PUT", "settings", "{'pubsub':{'keepAliveMillis':50}}");
        Subscriber subscriber = latest(10);
        Awaitility.await().until(() -> !subscriber.answers.isEmpty());
        FetchResponse keepAlive = subscriber.answers.get(0);
        assertThat(keepAlive.getEventsCount()).isZero();
        assertThat(keepAlive.getPendingNumRequested()).isEqualTo(10);
        ORG.lead("after");
        assertThat(new Subscriber(LEADS, 10, ReplayPreset.CUSTOM, keepAlive.getLatestReplayId()).await(1)).hasSize(1);
    }

    @Test
    void aSilentServerSendsNothingUntilItSpeaksAgain() {
        ORG.control("PUT", "settings", "{'pubsub':{'silent':true,'keepAliveMillis':20}}");
        Subscriber subscriber = latest(10);
        ORG.lead("unheard");
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> subscriber.answers.isEmpty());
        ORG.control("PUT", "settings", "{'pubsub':{'silent':false}}");
        assertThat(subscriber.await(1)).hasSize(1);
    }

    @Test
    void streamsEndWithTheTokenOrCleanlyByCommand() {
        Subscriber subscriber = latest(10);
        ORG.control("POST", "streams/complete", "");
        Awaitility.await().until(() -> subscriber.completed);
        Subscriber expired = latest(10);
        ORG.control("POST", "tokens/expire", "");
        assertThat(expired.error()).isEqualTo("sfdc.platform.eventbus.grpc.service.auth.error");
        assertThatThrownBy(() -> blocking().getTopic(TopicRequest.newBuilder().setTopicName(LEADS).build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, error -> assertThat(error.getStatus().getCode())
                        .isEqualTo(Status.Code.UNAUTHENTICATED));
    }

    @Test
    void topicsAreKnownByNameAndReplayIdsUseTheWholeAlphabet() {
        assertThat(schema(blocking().getTopic(TopicRequest.newBuilder().setTopicName("/data/AccountChangeEvent").build())
                .getSchemaId()).getFullName()).isEqualTo("com.sforce.eventbus.AccountChangeEvent");
        assertThatThrownBy(() -> blocking().getTopic(TopicRequest.newBuilder().setTopicName("/data/Nope").build()))
                .isInstanceOf(StatusRuntimeException.class);
        Subscriber subscriber = latest(1000);
        ORG.control("POST", "sample-leads", "{'count':200}");
        subscriber.await(200);
        Set<String> ids = new HashSet<>();
        subscriber.answers.forEach(answer -> answer.getEventsList().forEach(event -> ids.add(
                Base64.getEncoder().encodeToString(event.getReplayId().toByteArray()))));
        assertThat(ids).hasSize(200).anyMatch(id -> id.contains("+")).anyMatch(id -> id.contains("/"));
    }
}
