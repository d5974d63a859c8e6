package io.leadroutes.compliance;

import io.leadroutes.compliance.PersonNotices.Notice;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What follows from ZoomInfo's word on a person's rights: a suppression, and marks on the records of the CRM. */
@ApplicationScoped
public class OptOuts {

    private static final int PRIORITY = 1;
    /** The attributes that {@code rules/fields.yaml} maps to fields of the CRM. */
    private static final List<String> RIGHTS =
            List.of("noticeProvidedDate", "withinEu", "withinCalifornia", "withinCanada");

    private final Suppressions suppressions;
    private final CrmUpdates updates;

    /** For beans and tests. */
    public OptOuts(Suppressions suppressions, CrmUpdates updates) {
        this.suppressions = suppressions;
        this.updates = updates;
    }

    /**
     * Suppresses a person who has opted out and has the CRM's records of the person marked; part of the caller's
     * transaction. A repeat changes nothing.
     *
     * @param source who says so, as in {@link Suppressions#suppress}
     */
    @Transactional
    public void optedOut(Identity person, String source) {
        suppressions.suppress(person, source, "opted out at ZoomInfo", Map.of());
        person.personId().ifPresent(id -> updates.add(List.of(new CrmUpdate("compliance", "opt-out:" + id, Kind.OPT_OUT,
                id, Map.of(), List.of(), Map.of(), PRIORITY))));
    }

    /** Has new flags and notice dates written to the CRM; part of the caller's transaction. */
    @Transactional
    void changed(Collection<Notice> notices, Set<String> persons) {
        List<CrmUpdate> changes = new ArrayList<>();
        for (Notice notice : notices) {
            Map<String, Object> profile = profile(notice);
            if (persons.contains(notice.personId()) && !profile.isEmpty()
                    && !notice.matchStatus().equals(ComplianceGate.OPT_OUT)) {
                changes.add(new CrmUpdate("compliance", "rights:" + notice.personId() + ":" + digest(profile),
                        Kind.PERSON, notice.personId(), profile, RIGHTS, Map.of(), PRIORITY));
            }
        }
        updates.add(changes);
    }

    private static Map<String, Object> profile(Notice notice) {
        Map<String, Object> profile = new LinkedHashMap<>();
        notice.noticeDate().ifPresent(date -> profile.put("noticeProvidedDate", date.toString()));
        put(profile, "withinEu", notice.withinEu());
        put(profile, "withinCalifornia", notice.withinCalifornia());
        put(profile, "withinCanada", notice.withinCanada());
        return profile;
    }

    private static void put(Map<String, Object> profile, String name, Optional<Boolean> flag) {
        flag.ifPresent(value -> profile.put(name, value));
    }

    /** Tells one state of the flags from another, so that the same change is queued once. */
    private static String digest(Map<String, Object> profile) {
        return profile.values().toString().replaceAll("[^0-9a-z-]+", ".");
    }
}
