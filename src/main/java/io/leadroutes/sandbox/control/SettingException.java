package io.leadroutes.sandbox.control;

/** A setting that does not exist or a value that it cannot take; the message is for the person who sent it. */
public final class SettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingException(String message) {
        super(message);
    }
}
