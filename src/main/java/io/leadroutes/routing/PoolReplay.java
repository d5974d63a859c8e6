package io.leadroutes.routing;

import io.leadroutes.routing.PoolEvent.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Folds a pool's events and tells where they, or the stored state, differ from what the rules of §4.2 give. */
final class PoolReplay {

    private PoolReplay() {
    }

    /** The folded state, and the first difference between an event and what folding gave, if there is one. */
    record Result(PoolLedger ledger, Optional<String> difference) {
    }

    /** @param events all events of one pool, in the order of {@code seq} */
    static Result fold(String pool, List<PoolEvent> events) {
        PoolLedger ledger = new PoolLedger(pool);
        for (int i = 0; i < events.size(); i++) {
            PoolEvent stored = events.get(i);
            if (stored.kind() == Kind.REBASE) {
                continue;   // made again by the event that needed it
            }
            List<PoolEvent> made;
            try {
                made = again(ledger, stored);
            } catch (RuntimeException e) {
                return new Result(ledger, Optional.of(pool + " event " + stored.seq() + ": " + e.getMessage()));
            }
            for (PoolEvent event : made) {
                int at = i - made.size() + 1 + made.indexOf(event);
                if (at < 0 || !same(event, events.get(at))) {
                    return new Result(ledger, Optional.of(pool + " event " + stored.seq() + ": stored "
                            + (at < 0 ? "nothing" : events.get(at)) + ", replayed " + event));
                }
            }
        }
        return new Result(ledger, ledger.seq() == events.size() ? Optional.empty()
                : Optional.of(pool + ": " + events.size() + " events stored, " + ledger.seq() + " replayed"));
    }

    private static List<PoolEvent> again(PoolLedger ledger, PoolEvent event) {
        return switch (event.kind()) {
            case JOIN -> List.of(ledger.join(event.user().orElseThrow(), event.weight().orElseThrow()));
            case WEIGHT -> List.of(ledger.reweigh(event.user().orElseThrow(), event.weight().orElseThrow()));
            case LEAVE -> ledger.leave(event.user().orElseThrow(), event.eligible());
            case ASSIGN -> ledger.assign(event.eligible(), event.excluded()).events();
            case CREDIT -> ledger.credit(event.user().orElseThrow());
            case REBASE -> List.of();
        };
    }

    private static boolean same(PoolEvent one, PoolEvent other) {
        return one.pool().equals(other.pool()) && one.seq() == other.seq() && one.kind() == other.kind()
                && one.user().equals(other.user()) && one.weight().equals(other.weight())
                && one.eligible().equals(other.eligible()) && Map.copyOf(one.before()).equals(Map.copyOf(other.before()))
                && Map.copyOf(one.after()).equals(Map.copyOf(other.after()));
    }
}
