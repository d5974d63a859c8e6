package io.leadroutes.zoominfo.bulk;

import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import javax.sql.DataSource;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a refresh will cost at most, told before it starts. Records that this installation has paid for within twelve
 * months are free; of the others a free preview tells how many ZoomInfo has, where ids, addresses or web sites can be
 * listed in a query; what is left is taken for new, one credit each.
 */
@ApplicationScoped
@Named("bulkQuote")
@Unremovable
public class BulkQuote {

    /** Shorter than the twelve months of ZoomInfo, so that a refresh that starts later still finds them managed. */
    private static final String MANAGED = "12 months - interval '7 days'";
    private static final Logger LOG = Logger.getLogger(BulkQuote.class);

    private final JdbcTemplate jdbc;
    private final BulkWork work;
    private final ZoomInfoConfig.Bulk config;

    @Inject
    BulkQuote(DataSource dataSource, BulkWork work, ZoomInfoConfig config) {
        this(dataSource, work, config.bulk());
    }

    BulkQuote(DataSource dataSource, BulkWork work, ZoomInfoConfig.Bulk config) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.work = work;
        this.config = config;
    }

    /** Cuts the records into jobs, prices those under management at nothing, and plans the previews; once. */
    @Transactional
    public void plan(@Variable("work") Work mine) {
        work.hold(mine);
        if (jdbc.queryForObject("select exists (select 1 from bulk_job where refresh_id = ?)", Boolean.class, mine.id())) {
            return;
        }
        boolean people = mine.object().entity() == RefreshObject.Entity.CONTACT;
        int managed = jdbc.update("""
                update bulk_item i set worst = 0 from %s m
                where i.refresh_id = ? and i.zoominfo_id = m.%s and m.redeemed_at > now() - interval '%s'""".formatted(
                people ? "redeemed_person" : "redeemed_company", people ? "person_id" : "company_id", MANAGED), mine.id());
        jdbc.update("update bulk_refresh set managed = ? where id = ?", managed, mine.id());
        jdbc.update("""
                insert into bulk_job (id, refresh_id, number, kind, first, last, items, worst, state)
                select gen_random_uuid(), ?, lot + 1, 'ENRICH', min(position), max(position), count(*), sum(worst), 'WAITING'
                from (select position, worst, (row_number() over (order by position) - 1) / ? as lot
                      from bulk_item where refresh_id = ?) as i
                group by lot""", mine.id(), config.jobSize(), mine.id());
        if (config.preview()) {
            jdbc.update("""
                    insert into bulk_job (id, refresh_id, number, kind, matched_by, first, last, items, worst, state)
                    select gen_random_uuid(), ?, -row_number() over (order by j.number, i.matched_by), 'PREVIEW', i.matched_by,
                           j.first, j.last, count(*), count(*), 'WAITING'
                    from bulk_job j join bulk_item i on i.refresh_id = j.refresh_id and i.position between j.first and j.last
                    where j.refresh_id = ? and i.worst > 0
                      and i.matched_by in ('personId', 'emailAddress', 'companyId', 'companyWebsite')
                    group by j.number, j.first, j.last, i.matched_by""", mine.id(), mine.id());
        }
    }

    /** Makes the quote when all previews have answered; without one that was refused, its records are taken for new. */
    @Transactional
    public void conclude(@Variable("work") Work mine) {
        work.hold(mine);
        if (jdbc.queryForObject("select exists (select 1 from bulk_job where refresh_id = ? and kind = 'PREVIEW' "
                + "and state in ('WAITING', 'SUBMITTING', 'DOUBT', 'ACTIVE'))", Boolean.class, mine.id())) {
            return;
        }
        // What a preview finds is the most that its records cost; two records may be one person, so never more than they are.
        jdbc.update("""
                update bulk_job j set worst = j.worst - p.saved
                from (select first, sum(items - least(items, total)) as saved from bulk_job
                      where refresh_id = ? and kind = 'PREVIEW' and state = 'DONE' group by first) p
                where j.refresh_id = ? and j.kind = 'ENRICH' and j.first = p.first""", mine.id(), mine.id());
        jdbc.update("""
                update bulk_refresh r
                set quoted = (select coalesce(sum(worst), 0) from bulk_job where refresh_id = r.id and kind = 'ENRICH'),
                    previewed = (select coalesce(sum(items), 0) from bulk_job
                                 where refresh_id = r.id and kind = 'PREVIEW' and state = 'DONE'),
                    quoted_at = now(), cause = null, state = case when starts then 'RUNNING' else 'QUOTED' end,
                    started_at = case when starts then now() end
                where id = ?""", mine.id());
        new RefreshReader(jdbc).find(mine.id()).ifPresent(refresh -> LOG.infof(
                "Bulk refresh %s: %d record(s), of which %d are under management, cost %d credit(s) at most; %s", mine.id(),
                refresh.records().items(), refresh.quote().managed(), refresh.credits().quoted(),
                refresh.state().equals("RUNNING") ? "it starts" : "it waits to be started"));
    }
}
