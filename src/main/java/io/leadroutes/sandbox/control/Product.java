package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a stand-in tells the control plane about itself. All methods run on the event loop of its server. */
public interface Product {

    /** Everything a client needs to log in. */
    ObjectNode credentials();

    /** Adds the product's own figures to the common statistics. */
    void stats(ObjectNode stats);

    /** An error in the product's own shape, as an injected fault answers it. */
    Reply error(int status, String message);

    /** Headers that every answer carries, injected errors included. */
    default void dress(Call call, Reply reply) {
    }

    /** The settings have changed. */
    default void changed() {
    }

    /** Back to the initial state: records, tokens, counters. Settings are reset before this is called. */
    void reset();
}
