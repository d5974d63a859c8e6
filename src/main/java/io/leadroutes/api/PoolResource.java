package io.leadroutes.api;

import io.leadroutes.routing.PoolReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** The pools as they stand: shares, leads owed, and whether replaying their events gives the same. */
@Path("/api/pools")
@Produces(MediaType.APPLICATION_JSON)
public class PoolResource {

    private final PoolReader pools;

    PoolResource(PoolReader pools) {
        this.pools = pools;
    }

    @GET
    public Map<String, Object> list() {
        return Map.of("pools", pools.pools());
    }
}
