package io.leadroutes.websights;

import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.Backoff;
import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.LostClaims;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Visits from their arrival to the signal on the account: one call to ZoomInfo for an address and day, a score for a
 * company, one signal for a company and period.
 */
@ApplicationScoped
@Named("websiteVisits")
@Unremovable
public class Visits {

    private static final Logger LOG = Logger.getLogger(Visits.class);

    /** Distinct pages kept of an address and day; views of further ones count without their name. */
    private static final int MOST_PAGES = 50;
    private static final int MOST_COUNTED = 500;
    private static final int KEY_BYTES = 32;
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(4), Duration.ofMinutes(10));

    private final JdbcTemplate jdbc;
    private final CrmUpdates updates;
    private final WebSightsConfig config;
    private final PageWeights weights;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Claims claims;
    private final LostClaims lost;

    @Inject
    Visits(DataSource dataSource, CrmUpdates updates, Claims claims, LostClaims lost, WebSightsConfig config,
            MeterRegistry meters) {
        this(dataSource, updates, claims, lost, config, meters, Clock.systemUTC());
    }

    Visits(DataSource dataSource, CrmUpdates updates, Claims claims, LostClaims lost, WebSightsConfig config,
            MeterRegistry meters, Clock clock) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.updates = updates;
        this.claims = claims;
        this.lost = lost;
        this.config = config;
        this.weights = new PageWeights(config.pageWeights());
        this.meters = meters;
        this.clock = clock;
        if (config.periodDays() < 1 || config.dailyDecay() < 0 || config.dailyDecay() > 1
                || config.confidenceFloor() < 0 || config.confidenceFloor() > 1 || config.keepVisits().toDays() < 1) {
            throw new IllegalArgumentException("websights.period-days must be at least 1, websights.keep-visits at least "
                    + "P1D, websights.daily-decay and websights.confidence-floor 0 to 1");
        }
    }

    /** A setting that cannot be read stops the start, not the first visit. */
    void onStart(@Observes StartupEvent started) {
        LOG.debug("The settings of WebSights are read");
    }

    /** Stores visits; those from an address that no visitor from the Internet has are dropped. */
    @Transactional
    public void store(Collection<Visit> visits) {
        // In one order, so that two of these never wait for each other.
        for (Visit visit : visits.stream().sorted(Comparator.comparing(
                (Visit visit) -> visit.address().getHostAddress()).thenComparing(Visit::at)).toList()) {
            if (!Network.isPublic(visit.address())) {
                tally("not-public");
                continue;
            }
            LocalDate day = visit.at().atZone(ZoneOffset.UTC).toLocalDate();
            Timestamp at = Timestamp.from(visit.at());
            jdbc.update("""
                    insert into website_visit as v (day, address_hash, address, views, score, pages, first_seen, last_seen)
                    values (?, ?, ?, 1, ?, jsonb_build_object(?::text, 1), ?, ?)
                    on conflict (day, address_hash) do update
                    set views = v.views + 1, score = v.score + excluded.score,
                        first_seen = least(v.first_seen, excluded.first_seen),
                        last_seen = greatest(v.last_seen, excluded.last_seen),
                        pages = case
                                when not jsonb_exists(v.pages, ?::text)
                                     and (select count(*) from jsonb_object_keys(v.pages)) >= ? then v.pages
                                else v.pages || jsonb_build_object(?::text,
                                     coalesce((v.pages ->> ?::text)::int, 0) + 1) end""",
                    Date.valueOf(day), hash(day, visit.address()), visit.address().getHostAddress(),
                    weights.of(visit.page()), visit.page(), at, at, visit.page(), MOST_PAGES, visit.page(), visit.page());
            tally("taken");
        }
    }

    /** Keeps the claims of these rows until the last of them is looked up. */
    public void hold(@Body List<Map<String, ?>> rows, Exchange exchange) {
        claims.hold(Work.WEBSITE_VISIT, rows.stream().map(Visits::claim).toList(), exchange);
    }

    /** Whether the claim of a row still is ours, so that its address is asked for; while the process drains none is. */
    public boolean begin(@Variable("websiteVisit") Map<String, ?> row) {
        return !claims.begin(Work.WEBSITE_VISIT, List.of(claim(row))).isEmpty();
    }

    private static Claim claim(Map<?, ?> row) {
        return new Claim((UUID) row.get("id"), ((Number) row.get("fence")).longValue());
    }

    /** Address of a claimed row, as the call to ZoomInfo wants it. */
    public Map<String, Object> question(@Variable("websiteVisit") Map<String, ?> row) {
        return Map.of("ipAddress", String.valueOf(row.get("address")));
    }

    /** Keeps the company behind an address; a provider, nobody, and a match that is not sure enough are ignored. */
    @Transactional
    public void answered(@Variable("websiteVisit") Map<String, ?> row, @Body Map<String, Object> answer) {
        Map<String, Object> data = data(answer);
        Map<String, Object> company = object(data.get("company"));
        Object id = company.get("id");
        if (id == null || id.toString().isBlank()) {
            ignore(row, object(data.get("ispInfo")).isEmpty() ? "unknown" : "provider");
            return;
        }
        double confidence = confidence(company.getOrDefault("confidenceScore", data.get("confidenceScore")));
        if (confidence < config.confidenceFloor()) {
            ignore(row, "not sure enough");
            return;
        }
        if (!ended(row, "state = 'COMPANY', company_id = ?", id.toString())) {
            return;
        }
        jdbc.update("""
                insert into website_company (company_id, profile, confidence) values (?, ?::jsonb, ?)
                on conflict (company_id) do update set profile = excluded.profile, confidence = excluded.confidence,
                    updated_at = now()""", id.toString(), LeadJson.write(company), confidence);
        tally("company");
    }

    private void ignore(Map<String, ?> row, String cause) {
        if (ended(row, "state = 'IGNORED', pages = '{}', cause = ?", cause)) {
            tally(cause.replace(' ', '-'));
        }
    }

    /** Ends a claim; false, and nothing is stored, if it was over before. */
    private boolean ended(Map<?, ?> row, String change, Object... values) {
        Claim claim = claim(row);
        boolean ours = jdbc.update("update website_visit set lease_until = null, " + change
                + " where id = ? and fence = ? and state = 'NEW'", Stream.concat(Stream.of(values),
                Stream.of(claim.id(), claim.fence())).toArray()) == 1;
        lost.report(Work.WEBSITE_VISIT.name(), ours ? 0 : 1);
        return ours;
    }

    /** A call failed: the address waits with a growing pause, until its day is over. */
    public void failed(Exchange exchange) {
        Map<?, ?> row = exchange.getVariable("websiteVisit", Map.class);
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (row == null) {
            LOG.warnf("Visitors could not be looked up: %s", thrown.getMessage());
            return;
        }
        int attempts = ((Number) row.get("attempts")).intValue();
        ended(row, "fence = fence + 1, available_at = now() + make_interval(secs => ?), cause = ?",
                (double) BACKOFF.pause(attempts - 1).toSeconds(),
                "waits: " + thrown.getClass().getSimpleName());
        LOG.warnf("A visitor is looked up later: %s", thrown.getMessage());
    }

    /**
     * Counts views that are not counted yet for their companies, and queues the signal of each company whose score has
     * reached the threshold. One transaction: a view is counted once.
     *
     * @return how many rows were counted
     */
    @Transactional
    public int count() {
        List<Map<String, Object>> rows = jdbc.queryForList("""
                select day, address_hash, company_id, views - counted_views as views, score - counted_score as score,
                       pages::text as pages, first_seen, last_seen
                from website_visit where state = 'COMPANY' and views > counted_views
                order by company_id, day, address_hash limit ? for update skip locked""", MOST_COUNTED);
        for (Map<String, Object> row : rows) {
            jdbc.update("""
                    insert into company_visit as c (company_id, day, views, score, pages, first_seen, last_seen)
                    values (?, ?, ?, ?, ?::jsonb, ?, ?)
                    on conflict (company_id, day) do update
                    set views = c.views + excluded.views, score = c.score + excluded.score,
                        pages = c.pages || excluded.pages, first_seen = least(c.first_seen, excluded.first_seen),
                        last_seen = greatest(c.last_seen, excluded.last_seen)""",
                    row.get("company_id"), row.get("day"), row.get("views"), row.get("score"), row.get("pages"),
                    row.get("first_seen"), row.get("last_seen"));
            jdbc.update("""
                    update website_visit set counted_views = views, counted_score = score
                    where day = ? and address_hash = ?""", row.get("day"), row.get("address_hash"));
        }
        List<CrmUpdate> signals = new ArrayList<>();
        rows.stream().map(row -> row.get("company_id").toString()).collect(Collectors
                .toCollection(TreeSet::new)).forEach(company -> signal(company).ifPresent(signals::add));
        updates.add(signals);
        signals.forEach(signal -> tally("signal"));
        return rows.size();
    }

    /** The signal of a company in this period; empty below the threshold. */
    private Optional<CrmUpdate> signal(String company) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        double score = 0;
        int views = 0;
        Instant first = null;
        Instant last = null;
        Map<String, Object> pages = new LinkedHashMap<>();
        for (Map<String, Object> day : jdbc.queryForList("""
                select day, views, score, pages::text as pages, first_seen, last_seen from company_visit
                where company_id = ? and day > ? order by day desc""", company,
                Date.valueOf(today.minusDays(config.keepVisits().toDays())))) {
            long age = Math.max(0, today.toEpochDay() - ((Date) day.get("day")).toLocalDate().toEpochDay());
            score += ((Number) day.get("score")).doubleValue() * Math.pow(config.dailyDecay(), age);
            views += ((Number) day.get("views")).intValue();
            Instant from = ((Timestamp) day.get("first_seen")).toInstant();
            Instant to = ((Timestamp) day.get("last_seen")).toInstant();
            first = first == null || from.isBefore(first) ? from : first;
            last = last == null || to.isAfter(last) ? to : last;
            LeadJson.object(day.get("pages")).keySet().stream().limit(MOST_PAGES).forEach(page -> pages.put(page, ""));
        }
        if (first == null || score < config.threshold()) {
            return Optional.empty();
        }
        long period = today.toEpochDay() / config.periodDays() * config.periodDays();
        String key = "websights:" + company + ":" + LocalDate.ofEpochDay(period);
        Map<String, Object> profile = LeadJson.object(jdbc.queryForObject(
                "select profile::text from website_company where company_id = ?", String.class, company));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Operation_Key__c", key);
        fields.put("Name", "Web visits of " + profile.getOrDefault("name", "company " + company));
        fields.put("Score__c", Math.round(score * 100) / 100.0);
        fields.put("Page_Views__c", views);
        fields.put("First_Seen__c", first.toString());
        fields.put("Last_Seen__c", last.toString());
        fields.put("Pages__c", String.join("\n", pages.keySet().stream().limit(MOST_PAGES).toList()));
        fields.put("Source__c", "WebSights");
        return Optional.of(new CrmUpdate("websights", key + ":" + views, Kind.SIGNAL, company, profile, List.of(), fields,
                2));
    }

    /** Forgets addresses that are not needed any more, and visits that do not count any more. */
    @Transactional
    public void forget() {
        Instant now = clock.instant();
        Timestamp kept = Timestamp.from(now.minus(config.keepAddress()));
        int late = jdbc.update("""
                update website_visit set state = 'IGNORED', cause = 'not looked up in time', pages = '{}'
                where state = 'NEW' and last_seen < ?""", kept);
        int forgotten = jdbc.update("update website_visit set address = null where address is not null and last_seen < ?",
                kept);
        jdbc.update("delete from website_visit_key where day < ?", Date.valueOf(now.minus(config.keepAddress())
                .atZone(ZoneOffset.UTC).toLocalDate()));
        Date oldest = Date.valueOf(now.minus(config.keepVisits()).atZone(ZoneOffset.UTC).toLocalDate());
        jdbc.update("delete from website_visit where day < ? or state = 'IGNORED' and address is null", oldest);
        jdbc.update("delete from company_visit where day < ?", oldest);
        jdbc.update("""
                delete from website_company c where updated_at < ? and not exists
                    (select 1 from website_visit v where v.company_id = c.company_id)
                and not exists (select 1 from company_visit v where v.company_id = c.company_id)""",
                Timestamp.from(now.minus(config.keepVisits())));
        if (late + forgotten > 0) {
            LOG.infof("%d addresses of visitors are forgotten, %d of them were not looked up in time", forgotten, late);
        }
    }

    private void tally(String outcome) {
        meters.counter("leadroutes.websights.visits", "outcome", outcome).increment();
    }

    private String hash(LocalDate day, InetAddress address) {
        List<byte[]> known = jdbc.queryForList("select key from website_visit_key where day = ?", byte[].class,
                Date.valueOf(day));
        byte[] key = known.isEmpty() ? begin(day) : known.get(0);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(address.getAddress()), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two replicas may begin a day at once: the first key stays, and both read it. */
    private byte[] begin(LocalDate day) {
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        jdbc.update("insert into website_visit_key (day, key) values (?, ?) on conflict do nothing", Date.valueOf(day),
                fresh);
        return jdbc.queryForObject("select key from website_visit_key where day = ?", byte[].class, Date.valueOf(day));
    }

    /** The first result's data, an object here and a list with one element in other operations. */
    private static Map<String, Object> data(Map<String, Object> answer) {
        Object whole = answer.getOrDefault("data", answer);
        Object results = whole instanceof Map<?, ?> map && map.containsKey("result") ? map.get("result") : whole;
        Object first = results instanceof List<?> list ? list.isEmpty() ? Map.of() : list.get(0) : results;
        Object data = first instanceof Map<?, ?> map && map.containsKey("data") ? map.get("data") : first;
        return object(data instanceof List<?> list ? list.isEmpty() ? Map.of() : list.get(0) : data);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Not known is not sure. */
    private static double confidence(Object value) {
        try {
            return value == null || value.toString().isBlank() ? 0 : Double.parseDouble(value.toString());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
