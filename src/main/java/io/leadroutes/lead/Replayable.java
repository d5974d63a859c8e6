package io.leadroutes.lead;

import java.util.Collection;
import java.util.UUID;

/** Work outside the inbox that can end in a dead letter and be taken up again. */
public interface Replayable {

    /** The stage whose letters hold work of this kind; their {@code eventId} is the id of the work. */
    DeadLetters.Stage stage();

    /**
     * Takes dead work up again; part of the transaction that closes the letters.
     *
     * @return how much of it was dead
     */
    int replay(Collection<UUID> ids);
}
