package io.leadroutes.crm.salesforce;

import com.google.protobuf.ByteString;
import com.salesforce.eventbus.protobuf.ConsumerEvent;
import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import com.salesforce.eventbus.protobuf.ProducerEvent;
import com.salesforce.eventbus.protobuf.PubSubGrpc;
import com.salesforce.eventbus.protobuf.ReplayPreset;
import com.salesforce.eventbus.protobuf.SchemaInfo;
import com.salesforce.eventbus.protobuf.SchemaRequest;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;

/** A bus whose misbehaviour a test can order: end, silence, refusal of a position. */
final class FakePubSub extends PubSubGrpc.PubSubImplBase implements AutoCloseable {

    static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type":"record","name":"LeadChangeEvent","namespace":"com.sforce.eventbus","fields":[
              {"name":"ChangeEventHeader","type":{"type":"record","name":"ChangeEventHeader","fields":[
                {"name":"entityName","type":"string"},
                {"name":"recordIds","type":{"type":"array","items":"string"}},
                {"name":"changeType","type":"string"},
                {"name":"changeOrigin","type":"string"},
                {"name":"transactionKey","type":"string"},
                {"name":"commitTimestamp","type":"long"},
                {"name":"commitNumber","type":"long"},
                {"name":"commitUser","type":"string"}]}},
              {"name":"Name","type":["null",{"type":"record","name":"Switchable_PersonName","fields":[
                {"name":"FirstName","type":["null","string"]},{"name":"LastName","type":["null","string"]}]}]},
              {"name":"Company","type":["null","string"]},
              {"name":"Email","type":["null","string"]},
              {"name":"LeadSource","type":["null","string"]}]}""");

    private final List<ConsumerEvent> events = new ArrayList<>();
    private final List<StreamObserver<FetchResponse>> streams = new ArrayList<>();
    private final List<FetchRequest> subscriptions = new ArrayList<>();
    private final Server server;
    private boolean mute;
    private boolean refuseReplayIds;

    FakePubSub(int port) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("localhost", port)).addService(this).build().start();
    }

    int port() {
        return server.getPort();
    }

    /** Adds an event and delivers it. */
    synchronized String publish(String changeType, String origin, String lastName, String... recordIds) {
        GenericRecord header = new GenericData.Record(SCHEMA.getField("ChangeEventHeader").schema());
        header.put("entityName", "Lead");
        header.put("recordIds", List.of(recordIds));
        header.put("changeType", changeType);
        header.put("changeOrigin", origin);
        header.put("transactionKey", "tx-" + events.size());
        header.put("commitTimestamp", 1_795_000_000_000L + events.size());
        header.put("commitNumber", 1000L + events.size());
        header.put("commitUser", "005Sb0000000001IAA");
        GenericRecord name = new GenericData.Record(SCHEMA.getField("Name").schema().getTypes().get(1));
        name.put("FirstName", "Ada");
        name.put("LastName", lastName);
        GenericRecord event = new GenericData.Record(SCHEMA);
        event.put("ChangeEventHeader", header);
        event.put("Name", name);
        event.put("Company", "Acme");
        event.put("Email", "ada@acme.example");
        event.put("LeadSource", "Web");
        // All replay ids hold a plus sign in base64.
        byte[] replayId = {(byte) 0xfb, (byte) 0xef, (byte) 0xbe, 0, 0, 0, (byte) (events.size() >> 8), (byte) events.size()};
        ConsumerEvent made = ConsumerEvent.newBuilder().setReplayId(ByteString.copyFrom(replayId))
                .setEvent(ProducerEvent.newBuilder().setId("event-" + events.size()).setSchemaId("s1")
                        .setPayload(ByteString.copyFrom(avro(event)))).build();
        events.add(made);
        if (!mute) {
            List.copyOf(streams).forEach(stream -> deliver(stream, List.of(made)));
        }
        return java.util.Base64.getEncoder().encodeToString(replayId);
    }

    synchronized void mute(boolean silent) {
        mute = silent;
    }

    synchronized void refuseReplayIds(boolean refuse) {
        refuseReplayIds = refuse;
    }

    synchronized void endStreams() {
        List.copyOf(streams).forEach(StreamObserver::onCompleted);
        streams.clear();
    }

    synchronized void breakStreams(Status status) {
        List.copyOf(streams).forEach(stream -> stream.onError(status.asRuntimeException()));
        streams.clear();
    }

    synchronized List<FetchRequest> subscriptions() {
        return List.copyOf(subscriptions);
    }

    synchronized int openStreams() {
        return streams.size();
    }

    @Override
    public void getSchema(SchemaRequest request, StreamObserver<SchemaInfo> answer) {
        answer.onNext(SchemaInfo.newBuilder().setSchemaId("s1").setSchemaJson(SCHEMA.toString()).build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<FetchRequest> subscribe(StreamObserver<FetchResponse> client) {
        return new StreamObserver<>() {
            private boolean begun;

            @Override
            public void onNext(FetchRequest request) {
                if (!begun) {
                    begun = true;
                    begin(request, client);
                }
            }

            @Override
            public void onError(Throwable t) {
                gone(client);
            }

            @Override
            public void onCompleted() {
                gone(client);
                client.onCompleted();
            }
        };
    }

    private synchronized void begin(FetchRequest request, StreamObserver<FetchResponse> client) {
        subscriptions.add(request);
        int from = 0;
        if (request.getReplayPreset() == ReplayPreset.CUSTOM) {
            if (refuseReplayIds) {
                Metadata trailers = new Metadata();
                trailers.put(Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER),
                        "sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted");
                client.onError(Status.INVALID_ARGUMENT.asRuntimeException(trailers));
                return;
            }
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i).getReplayId().equals(request.getReplayId())) {
                    from = i + 1;
                }
            }
        }
        streams.add(client);
        List<ConsumerEvent> waiting = List.copyOf(events.subList(from, events.size()));
        deliver(client, waiting);
    }

    private synchronized void gone(StreamObserver<FetchResponse> client) {
        streams.remove(client);
    }

    /** Without events this is a keep-alive. */
    private void deliver(StreamObserver<FetchResponse> client, List<ConsumerEvent> some) {
        client.onNext(FetchResponse.newBuilder().addAllEvents(some).setRpcId("r")
                .setPendingNumRequested(some.isEmpty() ? 100 : 100 - some.size())
                .setLatestReplayId(events.isEmpty() ? ByteString.EMPTY : events.get(events.size() - 1).getReplayId())
                .build());
    }

    private static byte[] avro(GenericRecord event) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(SCHEMA).write(event, encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
