package io.leadroutes.sandbox.zoominfo.enrich;

/** How full the enrich calls are. For one thread. */
public final class BatchFill {

    private long calls;
    private long inputs;

    public void enriched(int size) {
        calls++;
        inputs += size;
    }

    public long calls() {
        return calls;
    }

    public long inputs() {
        return inputs;
    }

    public double mean() {
        return calls == 0 ? 0 : (double) inputs / calls;
    }

    public void reset() {
        calls = 0;
        inputs = 0;
    }
}
