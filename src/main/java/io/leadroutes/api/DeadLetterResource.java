package io.leadroutes.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.leadroutes.lead.DeadLetterReplays;
import io.leadroutes.lead.DeadLetterReplays.Replay;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.DeadLetters.Letter;
import io.leadroutes.lead.DeadLetters.Mode;
import io.leadroutes.lead.DeadLetters.Stage;
import io.leadroutes.lead.LetterFilter;
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
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Dead letters: looked at, replayed, discarded. Keyed on the X-Request-Id of the call that failed. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
public class DeadLetterResource {

    private static final List<String> STATES = List.of("OPEN", "REPLAYED", "DISCARDED");
    private static final List<String> STAGES = Arrays.stream(Stage.values()).map(Enum::name).toList();
    private static final int MOST = 500;
    private static final String NOT_REPLAYABLE = "Letters without a lead event hold a payload that could not be read; "
            + "correct the record at its source, which sends a new event, then discard the letter.";

    private final DeadLetters letters;
    private final DeadLetterReplays replays;

    DeadLetterResource(DeadLetters letters, DeadLetterReplays replays) {
        this.letters = letters;
        this.replays = replays;
    }

    /**
     * The body of a replay by filter; every part is optional, but one part of the filter must be given, or {@code all} be
     * true.
     *
     * @param from        ISO time; letters last seen then or later
     * @param until       ISO time; letters last seen before
     * @param mode        {@code resume} (from the failed stage; usual) or {@code restart} (from the beginning)
     * @param priority    {@code background} (behind all others; usual) or {@code own} (as they had)
     * @param mostReplays letters whose lead was replayed so often are passed; 5 if left out
     */
    public record ReplayOrder(String failureClass, String routeId, String stage, String cause, String requestId,
            String from, String until, boolean all, String mode, String priority, Integer mostReplays) {

        LetterFilter filter() {
            return DeadLetterResource.filter("OPEN", failureClass, routeId, stage, cause, requestId, from, until);
        }
    }

    /** The body of a discard, which for many letters has the filter of a replay. */
    public record Discard(String reason, String failureClass, String routeId, String stage, String cause,
            String requestId, String from, String until, boolean all) {

        LetterFilter filter() {
            return DeadLetterResource.filter("OPEN", failureClass, routeId, stage, cause, requestId, from, until);
        }
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
            @QueryParam("stage") String stage, @QueryParam("cause") String cause, @QueryParam("from") String from,
            @QueryParam("until") String until, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        int size = Parameters.limit(limit, 50, MOST);
        List<Letter> page = letters.list(filter(state, failureClass, routeId, stage, cause, null, from, until),
                cursor(cursor), size);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("deadLetters", page.stream().map(Advised::of).toList());
        if (page.size() == size) {
            answer.put("cursor", String.valueOf(page.get(size - 1).id()));
        }
        return answer;
    }

    @GET
    @Path("groups")
    public Map<String, Object> groups(@QueryParam("state") String state,
            @QueryParam("failureClass") String failureClass, @QueryParam("routeId") String routeId,
            @QueryParam("stage") String stage, @QueryParam("from") String from, @QueryParam("until") String until,
            @QueryParam("limit") String limit) {
        return Map.of("groups", letters.groups(filter(Parameters.text(state).orElse("OPEN"), failureClass, routeId, stage,
                null, null, from, until), Parameters.limit(limit, 50, MOST)));
    }

    @GET
    @Path("{requestId}")
    public Map<String, Object> get(@PathParam("requestId") String requestId) {
        return Map.of("requestId", requestId, "deadLetters", existing(requestId).stream().map(Advised::of).toList());
    }

    @POST
    @Path("{requestId}/replay")
    public Map<String, Object> replay(@PathParam("requestId") String requestId, @QueryParam("mode") String mode) {
        Mode how = mode(mode);
        List<Letter> open = existing(requestId).stream().filter(letter -> letter.state().equals("OPEN")).toList();
        int replayed = letters.replay(open.stream().map(Letter::id).toList(), how, false);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("replayed", replayed);
        if (open.size() > replayed) {
            answer.put("notReplayable", open.size() - replayed);
            answer.put("detail", NOT_REPLAYABLE);
        }
        return answer;
    }

    @POST
    @Path("replay")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response replay(ReplayOrder order) {
        if (order == null || !order.all() && order.filter().isAll()) {
            throw new Problem(400, "What to replay is not said",
                    "Give failureClass, routeId, stage, cause, requestId, from or until, or {\"all\": true}.");
        }
        int mostReplays = Optional.ofNullable(order.mostReplays()).orElse(DeadLetterReplays.USUAL_MOST_REPLAYS);
        if (mostReplays < 1) {
            throw Problem.invalid("mostReplays", "It must be a number from 1.");
        }
        boolean background = word("priority", order.priority(), "background", "own").equals("background");
        UUID id = replays.order(new DeadLetterReplays.Order(order.filter(), mode(order.mode()), background, mostReplays));
        return Response.accepted(told(replays.find(id).orElseThrow()))
                .location(java.net.URI.create("/api/dead-letters/replays/" + id)).build();
    }

    @GET
    @Path("replays")
    public Map<String, Object> replays(@QueryParam("limit") String limit) {
        return Map.of("replays", replays.list(Parameters.limit(limit, 50, MOST)));
    }

    @GET
    @Path("replays/{id}")
    public Map<String, Object> replays(@PathParam("id") UUID id) {
        return told(replays.find(id).orElseThrow(() -> Problem.notFound("replay", id.toString())));
    }

    @POST
    @Path("replays/{id}/cancel")
    public Map<String, Object> cancel(@PathParam("id") UUID id) {
        replays.cancel(id);
        return replays(id);
    }

    private static Map<String, Object> told(Replay replay) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("replay", replay);
        if (replay.notReplayable() > 0) {
            answer.put("detail", NOT_REPLAYABLE);
        }
        return answer;
    }

    @POST
    @Path("{requestId}/discard")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Object> discard(@PathParam("requestId") String requestId, Discard discard) {
        String reason = reason(discard);
        existing(requestId);
        return Map.of("discarded", letters.discard(LetterFilter.ofRequest(requestId), reason));
    }

    @POST
    @Path("discard")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Object> discard(Discard discard) {
        String reason = reason(discard);
        if (!discard.all() && discard.filter().isAll()) {
            throw new Problem(400, "What to discard is not said",
                    "Give failureClass, routeId, stage, cause, requestId, from or until, or {\"all\": true}.");
        }
        return Map.of("discarded", letters.discard(discard.filter(), reason));
    }

    private static String reason(Discard discard) {
        if (discard == null || discard.reason() == null || discard.reason().isBlank()) {
            throw new Problem(400, "A reason is required",
                    "Send {\"reason\": \"why these letters are not wanted\"}; it is kept with them.");
        }
        return discard.reason().strip();
    }

    private List<Letter> existing(String requestId) {
        List<Letter> found = letters.list(LetterFilter.ofRequest(requestId), Optional.empty(), MOST);
        if (found.isEmpty()) {
            throw Problem.notFound("dead letter", requestId);
        }
        return found;
    }

    private static LetterFilter filter(String state, String failureClass, String routeId, String stage, String cause,
            String requestId, String from, String until) {
        return new LetterFilter(one("state", state, STATES), Parameters.text(failureClass), Parameters.text(routeId),
                one("stage", stage, STAGES).map(Stage::valueOf), Parameters.text(cause), Parameters.text(requestId),
                time("from", from), time("until", until));
    }

    private static Optional<String> one(String parameter, String given, Collection<String> known) {
        Optional<String> value = Parameters.text(given).map(text -> text.toUpperCase(Locale.ROOT));
        value.filter(word -> !known.contains(word)).ifPresent(word -> {
            throw Problem.invalid(parameter, "It must be one of " + String.join(", ", known) + ".");
        });
        return value;
    }

    private static Optional<Instant> time(String parameter, String given) {
        return Parameters.text(given).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                throw Problem.invalid(parameter, "It must be a time such as 2026-11-28T14:00:00Z.");
            }
        });
    }

    private static Mode mode(String given) {
        return Mode.valueOf(word("mode", given, "resume", "restart").toUpperCase(Locale.ROOT));
    }

    private static String word(String parameter, String given, String usual, String other) {
        String word = Parameters.text(given).orElse(usual);
        if (!word.equals(usual) && !word.equals(other)) {
            throw Problem.invalid(parameter, "It must be " + usual + " or " + other + ".");
        }
        return word;
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
