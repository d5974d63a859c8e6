package io.leadroutes.webhook;

/** A delivery that is not taken. Nothing of it was stored. */
public class WebhookRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    /** How deliveries are counted ({@code leadroutes.webhook.deliveries}). */
    enum Outcome {
        ACCEPTED("accepted"), DUPLICATE("duplicate"), WRONG_TOKEN("wrong-token"), INVALID("invalid"), TOO_LARGE("too-large");

        private final String tag;

        Outcome(String tag) {
            this.tag = tag;
        }

        String tag() {
            return tag;
        }
    }

    private final int status;
    private final Outcome outcome;
    private final String field;
    private final String rule;

    WebhookRefusal(int status, Outcome outcome, String field, String rule, String message) {
        super(message);
        this.status = status;
        this.outcome = outcome;
        this.field = field;
        this.rule = rule;
    }

    /** HTTP status that fits. */
    public int status() {
        return status;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Path of what is wrong, for example {@code data[3].id}; empty if no field is. */
    public String field() {
        return field;
    }

    /** What it breaks. */
    public String rule() {
        return rule;
    }
}
