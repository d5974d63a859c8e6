package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;

/** The operations under {@code /enrich}. */
public final class EnrichFamily implements Family {

    private final EnrichContact contact;
    private final EnrichCompany company;
    private final EnrichCompanyMaster master;
    private final EnrichHierarchy hierarchy;
    private final EnrichDetails details;
    private final BatchFill fill = new BatchFill();

    public EnrichFamily(World world, ZoomInfoSettings settings, Enrich enrich) {
        this.contact = new EnrichContact(world, settings, enrich);
        this.company = new EnrichCompany(world, enrich);
        this.master = new EnrichCompanyMaster(world, settings, enrich);
        this.hierarchy = new EnrichHierarchy(world, enrich);
        this.details = new EnrichDetails(world, enrich);
    }

    /** How contacts are matched. */
    public EnrichContact contact() {
        return contact;
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("POST", "/enrich/contact", Tier.STANDARD, Meter.REQUESTS,
                (call, body) -> contact.handle(call, body, fill));
        endpoints.add("POST", "/enrich/company", Tier.STANDARD, Meter.REQUESTS,
                (call, body) -> company.handle(call, body, fill));
        endpoints.add("POST", "/enrich/company-master", Tier.STANDARD, Meter.REQUESTS, master::handle);
        endpoints.add("POST", "/enrich/corporatehierarchy", Tier.STANDARD, Meter.REQUESTS, hierarchy::handle);
        details.mount(endpoints);
    }

    @Override
    public void reset() {
        fill.reset();
    }

    @Override
    public void stats(ObjectNode stats) {
        stats.putObject("enrich").put("calls", fill.calls()).put("inputs", fill.inputs())
                .put("meanInputsPerCall", fill.mean());
    }
}
