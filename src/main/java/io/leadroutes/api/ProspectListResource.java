package io.leadroutes.api;

import io.leadroutes.prospect.ProspectReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** The prospect lists: budget, persons by state, last run. */
@Path("/api/prospect-lists")
@Produces(MediaType.APPLICATION_JSON)
public class ProspectListResource {

    private final ProspectReader prospects;

    ProspectListResource(ProspectReader prospects) {
        this.prospects = prospects;
    }

    @GET
    public Map<String, Object> list() {
        try {
            return Map.of("lists", prospects.lists());
        } catch (IllegalArgumentException e) {
            throw new Problem(409, "The prospect lists cannot be read", e.getMessage());
        }
    }
}
