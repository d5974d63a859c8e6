package io.leadroutes.zoominfo.bulk;

import java.util.UUID;

/**
 * A refresh that this process works on.
 *
 * @param state what is to be done: LOADING, QUOTING or RUNNING
 * @param fence the number of the claim; whatever is stored under an older one is refused
 */
public record Work(UUID id, RefreshObject object, String state, long fence) {

    public UUID getId() {
        return id;
    }

    public String getState() {
        return state;
    }
}
