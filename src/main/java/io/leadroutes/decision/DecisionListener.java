package io.leadroutes.decision;

import java.util.Collection;
import java.util.UUID;

/** Told of decisions while their transaction is still open, so that what it writes stands or falls with them. */
public interface DecisionListener {

    /** @param decisionIds in the order in which the decisions were made */
    void decided(Collection<UUID> decisionIds);
}
