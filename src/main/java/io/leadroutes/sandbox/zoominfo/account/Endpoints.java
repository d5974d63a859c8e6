package io.leadroutes.sandbox.zoominfo.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiFunction;

/**
 * Where a family of operations puts its calls. Token, rate, entitlement and request limit are checked before a handler
 * is asked; an {@link ApiError} that it throws is the answer.
 */
public interface Endpoints {

    /** Which rate limit a call counts against. */
    enum Tier {
        STANDARD, SCALING
    }

    /** Which request limit of the contract term a call counts against. */
    enum Meter {
        NONE, REQUESTS, WEBSIGHTS
    }

    /**
     * @param method HTTP method
     * @param path   path of vertx-web: may hold {@code :parameters} and end in {@code *}
     */
    void add(String method, String path, Tier tier, Meter meter, Handler handler);

    /** Answers one call. */
    interface Handler {

        /** @param body the JSON object that was sent; a missing node for GET and DELETE */
        Reply handle(Call call, JsonNode body);
    }

    /** Where a family puts its control paths. */
    interface Controls {

        void add(String method, String path, BiFunction<HttpServerRequest, Buffer, Reply> handler);
    }

    /** A family of operations with what it remembers. */
    interface Family extends AutoCloseable {

        void mount(Endpoints endpoints);

        /** Adds control paths of its own, below {@code /_sandbox}. */
        default void control(Controls controls) {
        }

        /** Back to the initial state. */
        default void reset() {
        }

        /** Adds its counters to {@code GET /_sandbox/stats}. */
        default void stats(ObjectNode stats) {
        }

        /** Ends what it started of its own. */
        @Override
        default void close() {
        }
    }
}
