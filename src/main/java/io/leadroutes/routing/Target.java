package io.leadroutes.routing;

/**
 * Where a rule sends a lead.
 *
 * @param id user, queue or pool id; empty for the kinds that name nobody
 */
public record Target(Kind kind, String id) {

    public enum Kind {
        USER, QUEUE, POOL, ACCOUNT_OWNER, CONTACT_OWNER, PREVIOUS
    }

    /** As written in a rule file: {@code user:ana}, {@code queue:nurture}, {@code pool:smb}, {@code account.owner}, … */
    @Override
    public String toString() {
        return switch (kind) {
            case USER -> "user:" + id;
            case QUEUE -> "queue:" + id;
            case POOL -> "pool:" + id;
            case ACCOUNT_OWNER -> "account.owner";
            case CONTACT_OWNER -> "contact.owner";
            case PREVIOUS -> "previous";
        };
    }
}
