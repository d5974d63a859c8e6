package io.leadroutes.sandbox.zoominfo;

/** How full the enrich calls are. For one thread. */
final class BatchFill {

    private long calls;
    private long inputs;

    void enriched(int size) {
        calls++;
        inputs += size;
    }

    long calls() {
        return calls;
    }

    long inputs() {
        return inputs;
    }

    double mean() {
        return calls == 0 ? 0 : (double) inputs / calls;
    }

    void reset() {
        calls = 0;
        inputs = 0;
    }
}
