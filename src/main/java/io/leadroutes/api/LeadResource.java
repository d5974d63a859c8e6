package io.leadroutes.api;

import io.leadroutes.decision.DecisionReader;
import io.leadroutes.lead.LeadReader;
import io.leadroutes.lead.LeadReader.Filter;
import io.leadroutes.lead.LeadReader.Story;
import io.leadroutes.lead.LeadState;
import com.fasterxml.jackson.databind.util.RawValue;
import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import jakarta.ws.rs.GET;
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
import java.util.UUID;

/** Lead events and their whole story. {@code POST /api/leads} is the route {@code http-lead-received}. */
@Path("/api/leads")
@Produces(MediaType.APPLICATION_JSON)
public class LeadResource {

    private static final int MOST = 500;

    private final LeadReader leads;
    private final DecisionReader decisions;

    LeadResource(LeadReader leads, DecisionReader decisions) {
        this.leads = leads;
        this.decisions = decisions;
    }

    @GET
    public Map<String, Object> list(@QueryParam("state") String state, @QueryParam("q") String text,
            @QueryParam("source") String source, @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        int size = Parameters.limit(limit, 50, MOST);
        List<Story> page;
        try {
            page = leads.list(new Filter(state(state), Parameters.text(text), Parameters.text(source), size,
                    Parameters.text(cursor)));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("cursor", "Use the cursor of the page before.");
        }
        Map<UUID, Receipt> receipts = decisions.latest(page.stream().map(Story::eventId).toList());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("leads", page.stream()
                .map(story -> told(story, Optional.ofNullable(receipts.get(story.eventId())), false)).toList());
        if (page.size() == size) {
            answer.put("cursor", page.get(size - 1).cursor());
        }
        return answer;
    }

    @GET
    @Path("{eventId}")
    public Map<String, Object> get(@PathParam("eventId") String eventId) {
        Story story = find(eventId);
        List<Receipt> receipts = decisions.receipts(story.eventId());
        return told(story, receipts.isEmpty() ? Optional.empty() : Optional.of(receipts.get(receipts.size() - 1)),
                true);
    }

    /** The complete receipts of a lead event, oldest first. */
    @GET
    @Path("{eventId}/receipts")
    public Map<String, Object> receipts(@PathParam("eventId") String eventId) {
        Story story = find(eventId);
        return Map.of("eventId", story.eventId(), "seals", decisions.seals(story.eventId()), "receipts", decisions.receipts(story.eventId()).stream()
                .map(receipt -> new RawValue(ReceiptJson.write(receipt))).toList());
    }

    private Story find(String eventId) {
        try {
            return leads.find(UUID.fromString(eventId))
                    .orElseThrow(() -> Problem.notFound("lead event", eventId));
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("lead event", eventId);
        }
    }

    private static Map<String, Object> told(Story story, Optional<Receipt> receipt, boolean whole) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("eventId", story.eventId());
        told.put("source", story.source());
        told.put("recordId", story.recordId());
        told.put("state", story.state());
        told.put("receivedAt", story.receivedAt());
        story.endedAt().ifPresent(at -> told.put("endedAt", at));
        if (story.state() == LeadState.PARKED) {
            story.parkedCause().ifPresent(cause -> told.put("parkedCause", cause));
        }
        told.put("lead", story.lead());
        story.matchStatus().ifPresent(status -> {
            Map<String, Object> match = new LinkedHashMap<>();
            match.put("status", status);
            story.personId().ifPresent(id -> match.put("personId", id));
            story.companyId().ifPresent(id -> match.put("companyId", id));
            told.put("match", match);
        });
        told.put("credits", story.credits());
        receipt.flatMap(DecisionReader::score).ifPresent(score -> told.put("score", score));
        receipt.flatMap(DecisionReader::assignment).ifPresent(assigned -> told.put("assignment", assigned));
        receipt.flatMap(DecisionReader::unassigned).ifPresent(routing -> told.put("routing", routing));
        receipt.ifPresent(given -> told.put("headline", given.headline()));
        if (whole) {
            told.put("writes", story.writes());
            told.put("requestIds", story.requestIds());
            told.put("timeline", story.timeline());
        }
        return told;
    }

    private static Optional<LeadState> state(String given) {
        return Parameters.text(given).map(value -> {
            try {
                return LeadState.valueOf(value.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw Problem.invalid("state", "It must be one of " + List.of(LeadState.values()) + ".");
            }
        });
    }
}
