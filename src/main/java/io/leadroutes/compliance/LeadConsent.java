package io.leadroutes.compliance;

import io.leadroutes.compliance.PersonNotices.Notice;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LeadStages.Answer;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;

/** The consent of leads on their way through the stages. */
@ApplicationScoped
@Named("leadConsent")
@Unremovable
public class LeadConsent {

    /** Match status of a lead that ZoomInfo was not asked about because its person is suppressed. */
    static final String SUPPRESSED = "SUPPRESSED";

    private static final Logger LOG = Logger.getLogger(LeadConsent.class);

    private final Suppressions suppressions;
    private final PersonNotices notices;
    private final OptOuts optOuts;
    private final LeadStages stages;

    LeadConsent(Suppressions suppressions, PersonNotices notices, OptOuts optOuts, LeadStages stages) {
        this.optOuts = optOuts;
        this.suppressions = suppressions;
        this.notices = notices;
        this.stages = stages;
    }

    /**
     * Takes suppressed persons out of a claim before any credit is spent: they go on to their decision, which stops
     * them, without a call. Of a person whose data was erased nothing is kept but which record it is.
     *
     * @param rows as {@code sql/claim-received.sql} returns them
     * @return the rows of all others
     */
    public List<Map<String, ?>> setAside(@Body List<Map<String, ?>> rows) {
        Set<UUID> suppressed = suppressed(rows);
        if (suppressed.isEmpty()) {
            return rows;
        }
        List<LeadEvent> claimed = rows.stream().map(LeadEvent::of).toList();
        stages.enriched(claimed.stream().filter(lead -> suppressed.contains(lead.eventId()))
                .map(lead -> new Answer(lead.claim(), new Enrichment(SUPPRESSED, Map.of(), 0), List.of())).toList());
        Set<LeadEvent> erased = suppressions.erased(claimed, ComplianceGate::identity);
        if (!erased.isEmpty()) {
            stages.forget(erased.stream().map(LeadEvent::eventId).toList());
        }
        LOG.infof("%d lead(s) not enriched: suppressed", suppressed.size());
        return rows.stream().filter(row -> !suppressed.contains((UUID) row.get("event_id"))).toList();
    }

    /** Adds to each claimed row whether its person is {@code suppressed}; scoring takes no row without it. */
    public List<Map<String, Object>> mark(@Body List<Map<String, ?>> rows) {
        Set<UUID> suppressed = suppressed(rows);
        List<Map<String, Object>> marked = new ArrayList<>();
        for (Map<String, ?> row : rows) {
            Map<String, Object> copy = new LinkedHashMap<>(row);
            copy.put("suppressed", suppressed.contains((UUID) row.get("event_id")));
            marked.add(copy);
        }
        return marked;
    }

    private Set<UUID> suppressed(List<Map<String, ?>> rows) {
        List<LeadEvent> leads = rows.stream().map(LeadEvent::of).toList();
        return Stream.concat(suppressions.suppressed(leads, ComplianceGate::identity).stream(),
                leads.stream().filter(ComplianceGate::stopped)).map(LeadEvent::eventId).collect(Collectors.toSet());
    }

    /**
     * Keeps what an enrichment says of the rights of its persons, before the answers are stored: who has opted out is
     * suppressed, and a person who is found counts as checked.
     */
    @Transactional
    public void note(@Body List<Answer> answers, @Variable("batch") LeadBatch batch) {
        Map<UUID, LeadEvent> leads = batch.leads().stream()
                .collect(Collectors.toMap(LeadEvent::eventId, lead -> lead));
        int optedOut = 0;
        List<Notice> said = new ArrayList<>();
        for (Answer answer : answers) {
            Enrichment enrichment = answer.enrichment();
            Optional<String> person = enrichment.personId();
            person.ifPresent(id -> said.add(Notice.of(id, enrichment.matchStatus(), enrichment.person())));
            Optional<String> email = leads.get(answer.eventId()).lead().field("email");
            if (enrichment.matchStatus().equals(ComplianceGate.OPT_OUT) && (person.isPresent() || email.isPresent())) {
                optOuts.optedOut(new Identity(person, email, Optional.empty()), "enrich");
                optedOut++;
            }
        }
        notices.note(said);
        if (optedOut > 0) {
            LOG.infof("%d lead(s) of persons who have opted out at ZoomInfo: suppressed", optedOut);
        }
    }
}
