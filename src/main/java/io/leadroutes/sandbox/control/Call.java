package io.leadroutes.sandbox.control;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** One call that came in: what was sent, when its headers arrived, and what the log is to say of it. */
public final class Call {

    private final long number;
    private final long arrivalNanos;
    private final HttpServerRequest request;
    private final String requestId;
    private Buffer body = Buffer.buffer(0);
    private String operation;
    private List<String> ids = List.of();
    private int status;
    private String fault = "";
    private Optional<Future<Reply>> later = Optional.empty();

    Call(long number, long arrivalNanos, HttpServerRequest request, String requestId) {
        this.number = number;
        this.arrivalNanos = arrivalNanos;
        this.request = request;
        this.requestId = requestId;
        this.operation = request.path();
    }

    /** 1 for the first call since the start or the last reset. */
    public long number() {
        return number;
    }

    /** When the request headers arrived on the event loop, by {@link SandboxTime#nanos()}; monotone per server. */
    public long arrivalNanos() {
        return arrivalNanos;
    }

    public HttpServerRequest request() {
        return request;
    }

    public String method() {
        return request.method().name();
    }

    public String path() {
        return request.path();
    }

    /** Value of a request header, its name in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** The whole request body. */
    public Buffer body() {
        return body;
    }

    /** The UUID that the answer carries as X-Request-Id. */
    public String requestId() {
        return requestId;
    }

    /** Names the operation for the statistics; the path without a name. */
    public void operation(String name) {
        operation = name;
    }

    public String operation() {
        return operation;
    }

    /** Notes the record ids that this call touched, for the call log. */
    public void ids(List<String> touched) {
        ids = touched;
    }

    public List<String> ids() {
        return ids;
    }

    /**
     * For a handler that has to ask somebody else first, which it must not wait for on the event loop: what it returns
     * then is this.
     */
    public Reply later(Future<Reply> answer) {
        later = Optional.of(answer);
        return Reply.empty(500);
    }

    Optional<Future<Reply>> later() {
        return later;
    }

    void body(Buffer whole) {
        body = whole;
    }

    /** The status answered; 0 before the answer and when none was sent. */
    public int status() {
        return status;
    }

    void ended(int finalStatus, String injectedFault) {
        status = finalStatus;
        fault = injectedFault;
    }

    String fault() {
        return fault;
    }
}
