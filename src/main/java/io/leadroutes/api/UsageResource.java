package io.leadroutes.api;

import io.leadroutes.crm.salesforce.ApiLimits;
import io.leadroutes.lead.credit.CreditReader;
import io.leadroutes.zoominfo.Circuits;
import io.leadroutes.zoominfo.ContractLimits;
import io.leadroutes.zoominfo.ParkedLeads;
import io.leadroutes.zoominfo.UsageRecord;
import io.leadroutes.zoominfo.pacing.EgressLease;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every limit and counter as ZoomInfo and Salesforce last stated it, beside what we have counted ourselves. */
@Path("/api/usage")
@Produces(MediaType.APPLICATION_JSON)
public class UsageResource {

    private final UsageRecord zoominfo;
    private final ContractLimits limits;
    private final EgressLease egress;
    private final CreditReader ledger;
    private final ApiLimits salesforce;
    private final ParkedLeads parked;
    private final Circuits circuits;

    UsageResource(UsageRecord zoominfo, ContractLimits limits, EgressLease egress, CreditReader ledger,
            ApiLimits salesforce, ParkedLeads parked, Circuits circuits) {
        this.zoominfo = zoominfo;
        this.limits = limits;
        this.egress = egress;
        this.ledger = ledger;
        this.salesforce = salesforce;
        this.parked = parked;
        this.circuits = circuits;
    }

    @GET
    public Map<String, Object> usage() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("limits", limits.all());
        answer.put("zoominfo", zoominfo.snapshot());
        answer.put("pacing", egress.states());
        answer.put("ledger", ledger.read());
        salesforce.reading().ifPresent(reading -> answer.put("salesforce", Map.of("apiRequests", reading)));
        answer.put("parked", parked.waiting());
        answer.put("circuits", circuits.open());
        return answer;
    }
}
