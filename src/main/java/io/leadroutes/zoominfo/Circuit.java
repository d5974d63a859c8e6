package io.leadroutes.zoominfo;

/** The circuit breaker before ZoomInfo, as a call sees it. */
interface Circuit {

    /**
     * How a call was let through.
     *
     * @param probe as the one call that finds out whether the cause has ended
     * @param at    when, by {@link System#nanoTime}
     */
    record Pass(boolean probe, long at) {

        /** As always. */
        static Pass closed() {
            return new Pass(false, System.nanoTime());
        }
    }

    /**
     * Asks before a call.
     *
     * @param operation path without ids, for example {@code enrich/contact}
     * @throws CircuitOpenException when nothing may be sent now
     */
    Pass admit(String operation, String requestId) throws CircuitOpenException;

    /** The call brought an answer that shows ZoomInfo at work. */
    void succeeded(String operation, Pass pass);

    /**
     * The call failed.
     *
     * @param suspect true when the call asks for a record that is suspected of failing every call; an error that
     *                answers it says nothing about ZoomInfo
     */
    void failed(String operation, Pass pass, ZoomInfoException failure, boolean suspect);

    /** The cause seems to have ended: whatever is open for it is tried at once. */
    void tryAgain(FailureClass cause);
}
