package io.leadroutes.api;

import io.leadroutes.zoominfo.bulk.BulkRefreshes;
import io.leadroutes.zoominfo.bulk.BulkRefreshes.Order;
import io.leadroutes.zoominfo.bulk.BulkRefreshes.RefusedException;
import io.leadroutes.zoominfo.bulk.Refresh;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Bulk refreshes: ordered, quoted, started, watched and stopped. Ordering costs nothing; credits are spent from the
 * start on, never more than the quote and its margin.
 */
@Path("/api/bulk-refreshes")
@Produces(MediaType.APPLICATION_JSON)
public class BulkRefreshResource {

    private static final int MOST = 200;
    private static final BigDecimal USUAL_MARGIN = new BigDecimal("0.01");

    private final BulkRefreshes refreshes;

    BulkRefreshResource(BulkRefreshes refreshes) {
        this.refreshes = refreshes;
    }

    /**
     * An order by query.
     *
     * @param soql         {@code SELECT … FROM Contact WHERE …}, or the condition alone beside {@code object}
     * @param object       {@code Contact}, {@code Lead} or {@code Account}; may be left out when the query names it
     * @param outputFields fields of ZoomInfo to ask for; left out for the usual ones
     * @param margin       share by which the quote may be passed; 0.01 if left out
     * @param start        true to start without accepting the quote
     */
    public record ByQuery(String soql, String object, List<String> outputFields, BigDecimal margin, boolean start) {
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response order(ByQuery order) {
        if (order == null || order.soql() == null || order.soql().isBlank()) {
            throw new Problem(400, "The order names no records",
                    "Give soql, for example \"SELECT Id FROM Contact WHERE Email != null\", or send the rows as text/csv.");
        }
        List<String> fields = order.outputFields() == null ? List.of() : order.outputFields();
        return accepted(() -> refreshes.order(order.soql(), Parameters.text(order.object()),
                new Order(fields, Optional.ofNullable(order.margin()).orElse(USUAL_MARGIN), order.start())));
    }

    /** An order by a CSV file, which goes to the database as it comes in. */
    @POST
    @Consumes("text/csv")
    public Response order(InputStream csv, @QueryParam("object") String object,
            @QueryParam("outputFields") String outputFields, @QueryParam("margin") String margin,
            @QueryParam("start") String start) {
        List<String> fields = Parameters.text(outputFields).map(text -> Arrays.stream(text.split(",")).map(String::strip)
                .filter(name -> !name.isEmpty()).toList()).orElse(List.of());
        boolean starts = Parameters.text(start).map(word -> {
            if (!word.equals("true") && !word.equals("false")) {
                throw Problem.invalid("start", "It is true or false.");
            }
            return word.equals("true");
        }).orElse(false);
        BigDecimal share = Parameters.text(margin).map(text -> {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw Problem.invalid("margin", "It is a share from 0 to 1, for example 0.01.");
            }
        }).orElse(USUAL_MARGIN);
        return accepted(() -> {
            try {
                return refreshes.order(csv, Parameters.text(object), new Order(fields, share, starts));
            } catch (IOException e) {
                throw new Problem(400, "The upload broke off", "Nothing of it is kept. Send the file again.");
            }
        });
    }

    private Response accepted(Supplier<UUID> order) {
        try {
            UUID id = order.get();
            return Response.accepted(find(id)).location(java.net.URI.create("/api/bulk-refreshes/" + id)).build();
        } catch (RefusedException e) {
            throw new Problem(400, "The order cannot be taken", e.getMessage());
        }
    }

    @GET
    public Map<String, Object> list(@QueryParam("limit") String limit) {
        return Map.of("refreshes", refreshes.list(Parameters.limit(limit, 50, MOST)));
    }

    @GET
    @Path("{id}")
    public Refresh get(@PathParam("id") String id) {
        return find(id(id));
    }

    /** Accepts the quote. */
    @POST
    @Path("{id}/start")
    public Refresh start(@PathParam("id") String id) {
        return change(id, BulkRefreshes::start);
    }

    @POST
    @Path("{id}/pause")
    public Refresh pause(@PathParam("id") String id) {
        return change(id, BulkRefreshes::pause);
    }

    @POST
    @Path("{id}/resume")
    public Refresh resume(@PathParam("id") String id) {
        return change(id, BulkRefreshes::resume);
    }

    /** Jobs that ZoomInfo has already cannot be taken back; they may still cost what they hold. */
    @POST
    @Path("{id}/cancel")
    public Refresh cancel(@PathParam("id") String id) {
        return change(id, BulkRefreshes::cancel);
    }

    private Refresh change(String id, BiConsumer<BulkRefreshes, UUID> change) {
        UUID refresh = find(id(id)).id();
        try {
            change.accept(refreshes, refresh);
        } catch (RefusedException e) {
            throw new Problem(409, "Not in this state", e.getMessage());
        }
        return find(refresh);
    }

    private Refresh find(UUID id) {
        return refreshes.find(id).orElseThrow(() -> Problem.notFound("bulk refresh", id.toString()));
    }

    private static UUID id(String given) {
        try {
            return UUID.fromString(given);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("bulk refresh", given);
        }
    }
}
