package io.leadroutes.routing;

import java.util.List;
import java.util.Optional;

/**
 * Who gets a lead, out of the targets that routing named.
 *
 * @param owner   empty when routing was stopped or keeps the owner
 * @param target  the target that took the lead
 * @param index   its index in {@link Route#targets()}; -1 without one
 * @param pick    how the pool chose, when the target is a pool
 * @param skipped targets before it that could not take the lead
 */
public record Choice(Optional<Owner> owner, Optional<Target> target, int index, Optional<PoolPick> pick,
        List<Skipped> skipped) {

    /** @param id of the user or queue in the CRM */
    public record Owner(String id, String name) {
    }

    /** A target that was passed over, with the reason. */
    public record Skipped(Target target, Why why) {
    }

    /** Why a target cannot take a lead. */
    public enum Why {
        /** The user may not be assigned. */
        INACTIVE,
        /** No member of the pool has a weight and is active. */
        NOBODY,
        /** No account, contact or earlier owner is known. */
        NOT_MATCHED,
        /** The rules no longer name it. */
        UNKNOWN
    }
}
