package io.leadroutes.sandbox.control;

/** One stand-in, listening. The launcher holds a list of these. */
public interface SandboxServer extends AutoCloseable {

    /** What it stands in for and where it listens, in one line for people. */
    String describe();

    /** The port it really listens on. */
    int port();

    /** Stops listening and frees all threads. Safe to repeat. */
    @Override
    void close();
}
