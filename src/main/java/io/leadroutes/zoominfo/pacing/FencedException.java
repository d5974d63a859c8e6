package io.leadroutes.zoominfo.pacing;

/** Another replica has taken over the egress under whose lease a slot was asked for. */
public final class FencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FencedException(String tier) {
        super("Another replica has taken over the enrichment egress of the " + tier + " tier; nothing was sent");
    }
}
