package io.leadroutes.compliance;

import io.leadroutes.compliance.PersonNotices.Notice;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.zoominfo.ContactMatcher;
import io.leadroutes.zoominfo.ContactMatcher.Result;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;

/** The steps of {@code routes/pipeline/compliance-*.camel.yaml}: who of those asked for may not be written. */
@ApplicationScoped
@Named("complianceGate")
@Unremovable
public class ComplianceGate {

    /** Exchange variable: all that the gate was asked about. */
    static final String ASKED = "complianceAsked";
    static final String OPT_OUT = "OPT_OUT";

    private static final Logger LOG = Logger.getLogger(ComplianceGate.class);

    private final Suppressions suppressions;
    private final PersonNotices notices;
    private final OptOuts optOuts;
    private final Duration maxAge;
    private final boolean askZoomInfo;

    @Inject
    ComplianceGate(Suppressions suppressions, PersonNotices notices, OptOuts optOuts, ComplianceConfig config) {
        this(suppressions, notices, optOuts, config.maxAge(), config.askZoominfo());
    }

    ComplianceGate(Suppressions suppressions, PersonNotices notices, OptOuts optOuts, Duration maxAge,
            boolean askZoomInfo) {
        this.suppressions = suppressions;
        this.optOuts = optOuts;
        this.notices = notices;
        this.maxAge = maxAge;
        this.askZoomInfo = askZoomInfo;
    }

    /**
     * Takes what is asked: person ids or leads, and says whom ZoomInfo has to be asked about, 25 at a time. Who is
     * suppressed here already is not asked about.
     */
    public List<List<Map<String, Object>>> due(Exchange exchange) {
        List<Object> asked = exchange.getMessage().getBody() instanceof Collection<?> several
                ? List.copyOf(several) : List.of();
        exchange.setVariable(ASKED, asked);
        if (!askZoomInfo) {
            return List.of();
        }
        Set<Object> suppressed = suppressions.suppressed(asked, ComplianceGate::identity);
        List<String> open = asked.stream().filter(one -> !suppressed.contains(one))
                .map(one -> identity(one).personId()).flatMap(Optional::stream).distinct().toList();
        return open.isEmpty() ? List.of() : inputs(notices.due(open, maxAge));
    }

    /** The person ids as inputs of the endpoint, as many to a list as one call takes. */
    static List<List<Map<String, Object>>> inputs(List<String> personIds) {
        List<List<Map<String, Object>>> calls = new ArrayList<>();
        for (int from = 0; from < personIds.size(); from += ContactMatcher.MOST_INPUTS) {
            calls.add(personIds.subList(from, Math.min(from + ContactMatcher.MOST_INPUTS, personIds.size())).stream()
                    .map(ComplianceGate::input).toList());
        }
        return calls;
    }

    private static Map<String, Object> input(String personId) {
        return Map.of("personId", personId.matches("-?\\d{1,18}") ? (Object) Long.valueOf(personId) : personId);
    }

    /** Keeps the answers to the inputs of one call; a person who has opted out is suppressed in the same transaction. */
    @Transactional(rollbackOn = Exception.class)
    public void note(Exchange exchange, @Variable("complianceInputs") List<Map<String, Object>> inputs,
            @Variable(ASKED) Collection<?> asked) throws ZoomInfoException {
        @SuppressWarnings("unchecked")
        Map<String, Object> envelope = exchange.getMessage().getBody(Map.class);
        Map<String, Notice> answers = answers(inputs, envelope,
                Optional.ofNullable(exchange.getVariable("zoominfoRequestId", String.class)));
        optOuts.changed(answers.values(), notices.note(answers.values()));
        Map<String, Identity> known = (asked == null ? List.of() : asked).stream().map(ComplianceGate::identity)
                .filter(one -> one.personId().isPresent())
                .collect(Collectors.toMap(one -> one.personId().get(), Function.identity(), (one, other) -> one));
        List<String> optedOut = optedOut(answers.values());
        optedOut.forEach(id -> optOuts.optedOut(known.getOrDefault(id, Identity.ofPerson(id)), "compliance"));
        if (!optedOut.isEmpty()) {
            LOG.infof("%d person(s) have opted out at ZoomInfo and are suppressed", optedOut.size());
        }
    }

    static Map<String, Notice> answers(List<Map<String, Object>> inputs, Map<String, Object> envelope,
            Optional<String> requestId) throws ZoomInfoException {
        List<Result> results = ContactMatcher.match(inputs, envelope == null ? Map.of() : envelope, requestId);
        Map<String, Notice> answers = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            String personId = inputs.get(i).get("personId").toString();
            answers.put(personId, Notice.of(personId, results.get(i).matchStatus(), results.get(i).record()));
        }
        return answers;
    }

    static List<String> optedOut(Collection<Notice> answers) {
        return answers.stream().filter(notice -> notice.matchStatus().equals(OPT_OUT)).map(Notice::personId).toList();
    }

    /** Those of what was asked that may not be written. */
    public Set<Object> refused(@Variable(ASKED) List<Object> asked) {
        Set<Object> refused = new LinkedHashSet<>(suppressions.suppressed(asked, ComplianceGate::identity));
        asked.stream().filter(ComplianceGate::stopped).forEach(refused::add);
        return refused;
    }

    /** A person who has opted out and of whom we know neither id nor e-mail stands on no list but in the answer. */
    static boolean stopped(Object subject) {
        return subject instanceof LeadEvent event && event.enrichment().map(Enrichment::matchStatus)
                .filter(status -> status.equals(OPT_OUT) || status.equals(LeadConsent.SUPPRESSED)).isPresent();
    }

    /** A lead is known by its e-mail and, once enriched, by the person; its phone may be that of its company. */
    static Identity identity(Object subject) {
        if (subject instanceof LeadEvent event) {
            return new Identity(event.enrichment().flatMap(Enrichment::personId),
                    event.lead().field("email"), Optional.empty());
        }
        return Identity.ofPerson(String.valueOf(subject));
    }
}
