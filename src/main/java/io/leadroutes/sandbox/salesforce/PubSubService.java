package io.leadroutes.sandbox.salesforce;

import com.google.protobuf.ByteString;
import com.salesforce.eventbus.protobuf.ConsumerEvent;
import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import com.salesforce.eventbus.protobuf.ProducerEvent;
import com.salesforce.eventbus.protobuf.PubSubGrpc;
import com.salesforce.eventbus.protobuf.ReplayPreset;
import com.salesforce.eventbus.protobuf.SchemaInfo;
import com.salesforce.eventbus.protobuf.SchemaRequest;
import com.salesforce.eventbus.protobuf.TopicInfo;
import com.salesforce.eventbus.protobuf.TopicRequest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The Pub/Sub API for change events: GetTopic, GetSchema and Subscribe, with Salesforce's error codes in trailers.
 * Sends nothing while {@code silent}: streams stay open and new ones are accepted.
 */
final class PubSubService extends PubSubGrpc.PubSubImplBase implements ServerInterceptor {

    static final String AUTH_ERROR = "sfdc.platform.eventbus.grpc.service.auth.error";
    static final String REPLAY_ID_ERROR = "sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted";
    private static final String REQUESTED_ERROR =
            "sfdc.platform.eventbus.grpc.subscription.fetch.requested.events.invalid";
    private static final String UNAVAILABLE_ERROR = "sfdc.platform.eventbus.grpc.service.unavailable";
    private static final String TOPIC_ERROR = "sfdc.platform.eventbus.grpc.topic.name.invalid";
    private static final String SCHEMA_ERROR = "sfdc.platform.eventbus.grpc.schema.id.invalid";
    private static final String ALL_CHANGES = "/data/ChangeEvents";
    private static final int MOST_IN_ANSWER = 100;

    private static final Metadata.Key<String> ACCESS_TOKEN = key("accesstoken");
    private static final Metadata.Key<String> INSTANCE_URL = key("instanceurl");
    private static final Metadata.Key<String> TENANT_ID = key("tenantid");
    private static final Metadata.Key<String> ERROR_CODE = key("error-code");
    private static final Metadata.Key<String> RPC_ID = key("rpc-id");
    private static final Context.Key<String> TOKEN = Context.key("token");

    private final ChangeLog log;
    private final Tokens tokens;
    private final ReplayIds replayIds;
    private final Executor executor;
    private final LongSupplier keepAliveMillis;
    private final LongSupplier nanos;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean wake = new AtomicBoolean();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final BooleanSupplier silent;

    PubSubService(ChangeLog log, Tokens tokens, ReplayIds replayIds, Executor executor, LongSupplier keepAliveMillis,
            BooleanSupplier silent, LongSupplier nanos) {
        this.silent = silent;
        this.log = log;
        this.tokens = tokens;
        this.replayIds = replayIds;
        this.executor = executor;
        this.keepAliveMillis = keepAliveMillis;
        this.nanos = nanos;
        log.onAppend(this::wakeAll);
    }

    int subscribers() {
        return subscriptions.size();
    }

    long delivered() {
        return delivered.get();
    }

    long opened() {
        return opened.get();
    }

    /** Ends all streams with an error, as when a server of Salesforce goes away. */
    int breakAll() {
        return endAll(subscription -> subscription.fail(Status.UNAVAILABLE, UNAVAILABLE_ERROR,
                "The service is unavailable."));
    }

    /** Ends all streams without an error. */
    int completeAll() {
        return endAll(Subscription::complete);
    }

    private int endAll(Consumer<Subscription> how) {
        List<Subscription> all = List.copyOf(subscriptions);
        all.forEach(how);
        return all.size();
    }

    /** Sends what waits and keep-alives that are due and ends streams whose token is no longer in force; called a few times a second. */
    void tick() {
        for (Subscription subscription : subscriptions) {
            if (tokens.user(subscription.token).isEmpty()) {
                subscription.fail(Status.UNAUTHENTICATED, AUTH_ERROR, "Authentication exception occurred.");
            } else {
                subscription.send();
                subscription.keepAlive();
            }
        }
    }

    private void wakeAll() {
        if (!wake.getAndSet(true)) {
            executor.execute(() -> {
                wake.set(false);
                subscriptions.forEach(Subscription::send);
            });
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        String token = headers.get(ACCESS_TOKEN);
        String tenant = headers.get(TENANT_ID);
        String instance = headers.get(INSTANCE_URL);
        boolean known = token != null && tokens.user(token).isPresent() && instance != null && !instance.isBlank()
                && tenant != null && tenant.contains(SalesforceSandbox.ORGANISATION.substring(0, 15));
        if (!known) {
            StatusRuntimeException refusal = refusal(Status.UNAUTHENTICATED, AUTH_ERROR,
                    "Authentication exception occurred. Provide valid authentication via metadata headers.");
            call.close(refusal.getStatus(), refusal.getTrailers());
            return new ServerCall.Listener<>() {
            };
        }
        return Contexts.interceptCall(Context.current().withValue(TOKEN, token), call, headers, next);
    }

    @Override
    public void getTopic(TopicRequest request, StreamObserver<TopicInfo> answer) {
        String name = request.getTopicName();
        Optional<EventSchema> schema = schemaOf(name);
        if (schema.isEmpty() && !name.equals(ALL_CHANGES)) {
            answer.onError(refusal(Status.NOT_FOUND, TOPIC_ERROR, "The topic name is invalid: " + name));
            return;
        }
        answer.onNext(TopicInfo.newBuilder().setTopicName(name).setTenantGuid(SalesforceSandbox.ORGANISATION)
                .setCanPublish(false).setCanSubscribe(true)
                .setSchemaId(schema.or(() -> log.schemas().stream().findFirst()).orElseThrow().id)
                .setRpcId(UUID.randomUUID().toString()).build());
        answer.onCompleted();
    }

    @Override
    public void getSchema(SchemaRequest request, StreamObserver<SchemaInfo> answer) {
        Optional<EventSchema> schema = log.schemas().stream().filter(s -> s.id.equals(request.getSchemaId()))
                .findFirst();
        if (schema.isEmpty()) {
            answer.onError(refusal(Status.NOT_FOUND, SCHEMA_ERROR, "The schema ID is invalid."));
            return;
        }
        answer.onNext(SchemaInfo.newBuilder().setSchemaId(schema.get().id).setSchemaJson(schema.get().json)
                .setRpcId(UUID.randomUUID().toString()).build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<FetchRequest> subscribe(StreamObserver<FetchResponse> answer) {
        Subscription subscription = new Subscription((ServerCallStreamObserver<FetchResponse>) answer, TOKEN.get());
        opened.incrementAndGet();
        return subscription;
    }

    private Optional<EventSchema> schemaOf(String topic) {
        return log.schemas().stream().filter(s -> topic.equals("/data/" + s.type.name + "ChangeEvent")).findFirst();
    }

    private static StatusRuntimeException refusal(Status status, String code, String message) {
        String rpcId = UUID.randomUUID().toString();
        Metadata trailers = new Metadata();
        trailers.put(ERROR_CODE, code);
        trailers.put(RPC_ID, rpcId);
        return status.withDescription(message + " rpcId: " + rpcId).asRuntimeException(trailers);
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** One stream. Its state is guarded by itself. */
    private final class Subscription implements StreamObserver<FetchRequest> {

        private final ServerCallStreamObserver<FetchResponse> answer;
        private final String token;
        private final String rpcId = UUID.randomUUID().toString();
        private String topic = "";
        private Optional<ObjectType> type = Optional.empty();
        private long position;
        private int requested;
        private long lastSent = nanos.getAsLong();
        private boolean ended;

        Subscription(ServerCallStreamObserver<FetchResponse> answer, String token) {
            this.answer = answer;
            this.token = token;
            answer.setOnReadyHandler(this::send);
            answer.setOnCancelHandler(this::forget);
        }

        @Override
        public synchronized void onNext(FetchRequest request) {
            if (ended) {
                return;
            }
            if (topic.isEmpty() && !start(request)) {
                return;
            }
            if (request.getNumRequested() <= 0) {
                fail(Status.INVALID_ARGUMENT, REQUESTED_ERROR, "The number of requested events must be positive.");
                return;
            }
            requested += request.getNumRequested();
            send();
        }

        private boolean start(FetchRequest request) {
            Optional<EventSchema> schema = schemaOf(request.getTopicName());
            if (schema.isEmpty() && !request.getTopicName().equals(ALL_CHANGES)) {
                fail(Status.NOT_FOUND, TOPIC_ERROR, "The topic name is invalid: " + request.getTopicName());
                return false;
            }
            if (request.getReplayPreset() == ReplayPreset.CUSTOM) {
                OptionalLong sequence = replayIds.sequence(request.getReplayId());
                if (sequence.isEmpty() || !log.keeps(sequence.getAsLong())) {
                    fail(Status.INVALID_ARGUMENT, REPLAY_ID_ERROR,
                            "The Replay ID validation failed. Ensure that the Replay ID is valid.");
                    return false;
                }
                position = sequence.getAsLong();
            } else {
                position = request.getReplayPreset() == ReplayPreset.EARLIEST ? log.beforeOldest() : log.head();
            }
            topic = request.getTopicName();
            type = schema.map(s -> s.type);
            subscriptions.add(this);
            return true;
        }

        synchronized void send() {
            while (!ended && !silent.getAsBoolean() && requested > 0 && !topic.isEmpty() && answer.isReady()) {
                ChangeLog.Page page = log.after(position, type, Math.min(requested, MOST_IN_ANSWER));
                position = page.lookedThrough();
                if (page.events().isEmpty()) {
                    return;
                }
                requested -= page.events().size();
                FetchResponse.Builder response = FetchResponse.newBuilder().setRpcId(rpcId)
                        .setPendingNumRequested(requested).setLatestReplayId(replayIds.of(position));
                for (ChangeLog.Event event : page.events()) {
                    response.addEvents(ConsumerEvent.newBuilder().setReplayId(replayIds.of(event.sequence()))
                            .setEvent(ProducerEvent.newBuilder().setId(event.id())
                                    .setSchemaId(event.schema().orElseThrow().id)
                                    .setPayload(ByteString.copyFrom(event.payload()))));
                }
                delivered.addAndGet(page.events().size());
                deliver(response.build());
            }
        }

        synchronized void keepAlive() {
            long due = TimeUnit.MILLISECONDS.toNanos(keepAliveMillis.getAsLong());
            if (ended || silent.getAsBoolean() || requested <= 0 || nanos.getAsLong() - lastSent < due || !answer.isReady()) {
                return;
            }
            send();
            // Only a position behind which nothing waits may be given as the latest.
            if (!ended && requested > 0 && nanos.getAsLong() - lastSent >= due) {
                long mark = log.mark();
                ChangeLog.Page page = log.after(position, type, 1);
                if (page.events().isEmpty()) {
                    position = mark;
                    deliver(FetchResponse.newBuilder().setRpcId(rpcId).setPendingNumRequested(requested)
                            .setLatestReplayId(replayIds.of(mark)).build());
                } else {
                    send();
                }
            }
        }

        private void deliver(FetchResponse response) {
            lastSent = nanos.getAsLong();
            answer.onNext(response);
        }

        synchronized void fail(Status status, String code, String message) {
            if (!ended) {
                forget();
                answer.onError(refusal(status, code, message));
            }
        }

        synchronized void complete() {
            if (!ended) {
                forget();
                answer.onCompleted();
            }
        }

        private synchronized void forget() {
            ended = true;
            subscriptions.remove(this);
        }

        @Override
        public void onError(Throwable cause) {
            forget();
        }

        @Override
        public synchronized void onCompleted() {
            complete();
        }
    }
}
