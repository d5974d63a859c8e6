package io.leadroutes.compliance;

import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.crm.OptOutListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Suppresses whoever is queued to be marked as opted out in the CRM, whichever way that was found out. */
@ApplicationScoped
class OptOutRecorder implements OptOutListener {

    private final Suppressions suppressions;

    OptOutRecorder(Suppressions suppressions) {
        this.suppressions = suppressions;
    }

    @Override
    public void optedOut(String personId, String origin) {
        suppressions.suppress(Identity.ofPerson(personId), origin, "opted out at ZoomInfo", Map.of());
    }
}
