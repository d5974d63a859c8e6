package io.leadroutes.sandbox.zoominfo.search;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;

/** Reads a request as the account is set: what its subscription does not hold is refused. */
public final class CriteriaReader {

    private final ZoomInfoSettings settings;
    private final Enumerated enumerated;

    public CriteriaReader(World world, ZoomInfoSettings settings) {
        this.settings = settings;
        this.enumerated = new Enumerated(world);
    }

    /** The checked request, or the documented error. */
    public Criteria read(JsonNode body, Inputs inputs) {
        Criteria criteria = new Criteria(body, inputs);
        if (settings.disallowedCriteria.get().stream().anyMatch(criteria::has)) {
            throw new ApiError(403, ApiError.FIELDS_NOT_ALLOWED);
        }
        if (refusesUnknownValues()) {
            enumerated.refuseUnknown(criteria);
        }
        return criteria;
    }

    /** Whether a value that no lookup tells is an error, rather than one that finds nothing. */
    public boolean refusesUnknownValues() {
        return settings.unknownValues.get().equals("400");
    }
}
