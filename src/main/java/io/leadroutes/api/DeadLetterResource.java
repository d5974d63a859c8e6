package io.leadroutes.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.DeadLetters.Filter;
import io.leadroutes.lead.DeadLetters.Letter;
import io.leadroutes.lead.DeadLetters.Stage;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoErrors;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Dead letters: looked at, replayed, discarded. Keyed on the X-Request-Id of the call that failed. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
public class DeadLetterResource {

    private static final Set<String> STATES = Set.of("OPEN", "REPLAYED", "DISCARDED");
    private static final int MOST = 500;

    private final DeadLetters letters;

    DeadLetterResource(DeadLetters letters) {
        this.letters = letters;
    }

    /** The body of a replay by filter; every part is optional, but one must be given, or {@code all} be true. */
    public record ReplayFilter(String failureClass, String routeId, String requestId, boolean all, Integer limit) {
    }

    /** The body of a discard. */
    public record Discard(String reason) {
    }

    /** A letter with what can be done about it, where that is known. */
    public record Advised(@JsonUnwrapped Letter letter, Optional<String> action) {

        /** Letters do not say which system failed; its message does, and only the enrichment stage calls ZoomInfo alone. */
        static Advised of(Letter letter) {
            Optional<String> known = ZoomInfoErrors.action(letter.message());
            return new Advised(letter, known.isPresent() || letter.stage() != Stage.ENRICH ? known
                    : FailureClass.named(letter.failureClass())
                            .map(failureClass -> ZoomInfoErrors.action(failureClass, letter.message())));
        }
    }

    @GET
    public Map<String, Object> list(@QueryParam("state") String state,
            @QueryParam("failureClass") String failureClass, @QueryParam("routeId") String routeId,
            @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        int size = Parameters.limit(limit, 50, MOST);
        List<Letter> page = letters.list(new Filter(state(state), Parameters.text(failureClass),
                Parameters.text(routeId), Optional.empty(), cursor(cursor), size));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("deadLetters", page.stream().map(Advised::of).toList());
        if (page.size() == size) {
            answer.put("cursor", String.valueOf(page.get(size - 1).id()));
        }
        return answer;
    }

    @GET
    @Path("{requestId}")
    public Map<String, Object> get(@PathParam("requestId") String requestId) {
        return Map.of("requestId", requestId, "deadLetters", existing(requestId).stream().map(Advised::of).toList());
    }

    @POST
    @Path("{requestId}/replay")
    public Map<String, Object> replay(@PathParam("requestId") String requestId) {
        return replayed(existing(requestId));
    }

    @POST
    @Path("replay")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Object> replay(ReplayFilter filter) {
        if (filter == null || !filter.all() && filter.failureClass() == null && filter.routeId() == null
                && filter.requestId() == null) {
            throw new Problem(400, "What to replay is not said",
                    "Give failureClass, routeId or requestId, or {\"all\": true}.");
        }
        int size = filter.limit() == null ? 1_000 : Math.max(1, Math.min(10_000, filter.limit()));
        return replayed(letters.list(new Filter(Optional.of("OPEN"), Parameters.text(filter.failureClass()),
                Parameters.text(filter.routeId()), Parameters.text(filter.requestId()), Optional.empty(), size)));
    }

    @POST
    @Path("{requestId}/discard")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Object> discard(@PathParam("requestId") String requestId, Discard discard) {
        if (discard == null || discard.reason() == null || discard.reason().isBlank()) {
            throw new Problem(400, "A reason is required",
                    "Send {\"reason\": \"why these letters are not wanted\"}; it is kept with them.");
        }
        existing(requestId);
        return Map.of("discarded", letters.discard(requestId, discard.reason().strip()));
    }

    private Map<String, Object> replayed(List<Letter> found) {
        List<Letter> open = found.stream().filter(letter -> letter.state().equals("OPEN")).toList();
        int replayed = letters.replay(open.stream().map(Letter::id).toList());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("replayed", replayed);
        if (open.size() > replayed) {
            answer.put("notReplayable", open.size() - replayed);
            answer.put("detail", "Letters without a lead event hold a payload that could not be read; "
                    + "correct the record at its source, which sends a new event, then discard the letter.");
        }
        return answer;
    }

    private List<Letter> existing(String requestId) {
        List<Letter> found = letters.list(new Filter(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(requestId), Optional.empty(), MOST));
        if (found.isEmpty()) {
            throw Problem.notFound("dead letter", requestId);
        }
        return found;
    }

    private static Optional<String> state(String given) {
        Optional<String> state = Parameters.text(given).map(value -> value.toUpperCase(Locale.ROOT));
        state.filter(value -> !STATES.contains(value)).ifPresent(value -> {
            throw Problem.invalid("state", "It must be one of OPEN, REPLAYED, DISCARDED.");
        });
        return state;
    }

    private static Optional<Long> cursor(String given) {
        return Parameters.text(given).map(value -> {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                throw Problem.invalid("cursor", "Use the cursor of the page before.");
            }
        });
    }
}
