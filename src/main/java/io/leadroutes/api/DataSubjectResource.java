package io.leadroutes.api;

import io.leadroutes.compliance.ComplianceSweep;
import io.leadroutes.compliance.DataSubjects;
import io.leadroutes.compliance.DataSubjects.Erased;
import io.leadroutes.compliance.DataSubjects.Places;
import io.leadroutes.compliance.DataSubjects.Request;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** Requests of data subjects (access and erasure), and how far the compliance sweep is. */
@Path("/api")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class DataSubjectResource {

    private static final int LONGEST_REASON = 500;

    private final DataSubjects subjects;
    private final ComplianceSweep sweep;

    DataSubjectResource(DataSubjects subjects, ComplianceSweep sweep) {
        this.subjects = subjects;
        this.sweep = sweep;
    }

    /** The body: by what the person is known, and for an erasure why. */
    public record Body(String email, String personId, String phone, String firstName, String lastName, String company,
            String reason) {

        private Request request() {
            Request request = new Request(Parameters.text(email), Parameters.text(personId), Parameters.text(phone),
                    Parameters.text(firstName), Parameters.text(lastName), Parameters.text(company));
            if (!request.isUsable()) {
                throw new Problem(400, "Nobody can be found by this",
                        "Give email, personId, phone, or firstName, lastName and company.");
            }
            return request;
        }
    }

    /** Every place in which data of the person is held, with names of fields and no values. */
    @POST
    @Path("data-subjects/search")
    public Places search(Body body) {
        return subjects.search(body(body).request());
    }

    /** Erases it everywhere here; {@code elsewhere} names what was written to other systems. */
    @POST
    @Path("data-subjects/erase")
    public Erased erase(Body body) {
        Request request = body(body).request();
        String reason = Parameters.text(body.reason()).filter(text -> text.length() <= LONGEST_REASON)
                .orElseThrow(() -> Problem.invalid("reason", "An erasure needs a reason of at most " + LONGEST_REASON
                        + " characters."));
        try {
            return subjects.erase(request, reason);
        } catch (DataSubjects.Refused e) {
            throw new Problem(409, "The erasure cannot be carried out as asked", e.getMessage());
        }
    }

    private static Body body(Body body) {
        return Optional.ofNullable(body).orElseThrow(() -> new Problem(400, "The body is missing",
                "Send JSON with email, personId, phone, or firstName, lastName and company."));
    }

    /** How far the compliance sweep is. */
    @GET
    @Path("compliance-sweep")
    @Consumes(MediaType.WILDCARD)
    public ComplianceSweep.Progress progress() {
        return sweep.progress();
    }
}
