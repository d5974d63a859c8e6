package io.leadroutes.zoominfo;

import io.leadroutes.zoominfo.pacing.SendMoment;
import io.quarkus.arc.Unremovable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentTooLongException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Sets up the HTTP client of the tiers: it tells the pacing when a call truly leaves, and bounds each call. The time-outs
 * of the client are for one read each; an answer that comes a byte at a time would hold its connection for hours.
 */
@Singleton
@Named("zoominfoClient")
@Unremovable
public class ZoomInfoClient implements HttpClientConfigurer {

    private static final String BULK = "/bulk/";

    private final HttpClientConfigurer sendMoment;
    private final Bounds usual;
    private final Bounds bulk;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "zoominfo-deadline");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * What one call may take.
     *
     * @param deadline from the connection to the last byte
     * @param bytes    of the body of the answer, unpacked
     */
    record Bounds(Duration deadline, long bytes) {
    }

    @Inject
    ZoomInfoClient(SendMoment sendMoment) {
        this(sendMoment, new Bounds(Duration.ofSeconds(30), 8 << 20), new Bounds(Duration.ofSeconds(120), 64 << 20));
    }

    /** @param bulk for the result pages of bulk jobs, which are larger */
    ZoomInfoClient(HttpClientConfigurer sendMoment, Bounds usual, Bounds bulk) {
        this.sendMoment = sendMoment;
        this.usual = usual;
        this.bulk = bulk;
    }

    @PreDestroy
    void close() {
        timer.shutdownNow();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        sendMoment.configureHttpClient(builder);
        // The first is the outermost: it sees the body unpacked.
        builder.addExecInterceptorFirst("leadroutes-bounds", (ExecChainHandler) this::bounded);
    }

    private ClassicHttpResponse bounded(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Bounds bounds = String.valueOf(request.getPath()).contains(BULK) ? bulk : usual;
        Future<?> deadline = timer.schedule(scope.execRuntime::discardEndpoint, bounds.deadline().toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (response.getEntity() == null) {
                deadline.cancel(false);
            } else {
                response.setEntity(new BoundedEntity(response.getEntity(), bounds.bytes(), deadline));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            deadline.cancel(false);
            throw e;
        }
    }

    /** Ends the deadline when the body has been read, and fails when it grows too long. */
    private static final class BoundedEntity extends HttpEntityWrapper {

        private final long most;
        private final Future<?> deadline;

        BoundedEntity(HttpEntity entity, long most, Future<?> deadline) {
            super(entity);
            this.most = most;
            this.deadline = deadline;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new BoundedStream(super.getContent(), most);
        }

        @Override
        public boolean isStreaming() {
            return true;
        }

        @Override
        public void close() throws IOException {
            deadline.cancel(false);
            super.close();
        }

        private final class BoundedStream extends FilterInputStream {

            private final long limit;
            private long read;

            BoundedStream(InputStream in, long limit) {
                super(in);
                this.limit = limit;
            }

            @Override
            public int read() throws IOException {
                int one = super.read();
                return counted(one < 0 ? -1 : 1) < 0 ? -1 : one;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return counted(super.read(bytes, offset, length));
            }

            private int counted(int count) throws IOException {
                if (count < 0) {
                    deadline.cancel(false);
                } else {
                    read += count;
                    if (read > limit) {
                        throw new ContentTooLongException("The answer is longer than " + limit + " bytes");
                    }
                }
                return count;
            }

            @Override
            public void close() throws IOException {
                deadline.cancel(false);
                super.close();
            }
        }
    }
}
