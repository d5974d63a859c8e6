package io.leadroutes.crm.salesforce;

import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.PubSubGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannelProvider;
import io.grpc.ManagedChannelRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sees what camel-salesforce hides: every answer and the end of the subscription to one topic.
 *
 * <p>The component keeps its channel to itself, reports no end of a stream, and by itself resubscribes behind an event
 * whose exchange failed. So the channel is made here, for every user the same as gRPC would make it, with an
 * interceptor on it. The end of our subscription is told to {@link Subscription}, and to the component as an orderly
 * end, after which it does nothing: opening the stream again is {@link SalesforceStream}'s business alone.
 */
final class StreamTap extends ManagedChannelProvider implements ClientInterceptor {

    private static final String SUBSCRIBE = PubSubGrpc.getSubscribeMethod().getFullMethodName();

    /** A link that is cut without a word is noticed within these two. */
    private static final long KEEP_ALIVE_SECONDS = 60;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 20;

    private final String topic;
    private volatile Subscription next = Subscription.NONE;

    StreamTap(String topic) {
        this.topic = topic;
    }

    void install() {
        ManagedChannelRegistry.getDefaultRegistry().register(this);
    }

    void remove() {
        ManagedChannelRegistry.getDefaultRegistry().deregister(this);
    }

    /** The subscription that the next call for our topic belongs to. */
    void expect(Subscription subscription) {
        next = subscription;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel channel) {
        ClientCall<Q, R> call = channel.newCall(method, options);
        return SUBSCRIBE.equals(method.getFullMethodName()) ? new TappedCall<>(call) : call;
    }

    private final class TappedCall<Q, R> extends SimpleForwardingClientCall<Q, R> {

        private volatile Subscription subscription = Subscription.NONE;
        private volatile boolean ready;
        private volatile boolean cancelled;

        TappedCall(ClientCall<Q, R> call) {
            super(call);
        }

        @Override
        public void sendMessage(Q message) {
            if (subscription == Subscription.NONE && message instanceof FetchRequest request
                    && topic.equals(request.getTopicName())) {
                subscription = next;
                subscription.opened(() -> {
                    cancelled = true;
                    cancel("stopped by the supervisor", null);
                });
                if (ready) {
                    subscription.ready();
                }
            }
            super.sendMessage(message);
        }

        /** The component ends its side when it stops; on a cancelled call that fails and would leave its channel open. */
        @Override
        public void halfClose() {
            if (!cancelled) {
                super.halfClose();
            }
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            super.start(new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onReady() {
                    ready = true;
                    subscription.ready();
                    super.onReady();
                }

                @Override
                public void onMessage(R message) {
                    Subscription ours = subscription;
                    ours.workBegins();
                    try {
                        super.onMessage(message);
                    } finally {
                        ours.workEnds();
                    }
                }

                @Override
                public void onClose(Status status, Metadata trailers) {
                    Subscription ours = subscription;
                    if (ours == Subscription.NONE) {
                        super.onClose(status, trailers);
                        return;
                    }
                    ours.ended(status, trailers);
                    super.onClose(Status.OK, new Metadata());
                }
            }, headers);
        }
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** Before gRPC's own provider for Netty, which has 5. */
    @Override
    protected int priority() {
        return 6;
    }

    @Override
    protected NettyChannelBuilder builderForAddress(String name, int port) {
        return tapped(NettyChannelBuilder.forAddress(name, port));
    }

    @Override
    protected NettyChannelBuilder builderForTarget(String target) {
        return tapped(NettyChannelBuilder.forTarget(target));
    }

    @Override
    protected NewChannelBuilderResult newChannelBuilder(String target, ChannelCredentials credentials) {
        return NewChannelBuilderResult.channelBuilder(tapped(NettyChannelBuilder.forTarget(target, credentials)));
    }

    private NettyChannelBuilder tapped(NettyChannelBuilder builder) {
        return builder.intercept(this).keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
        return Set.of(java.net.InetSocketAddress.class);
    }
}
