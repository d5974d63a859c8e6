package io.leadroutes.zoominfo.bulk;

import io.leadroutes.zoominfo.ZoomInfoConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Whether the CRM is behind with what it has been given; then nothing more is fetched for it. */
@ApplicationScoped
public class BackPressure {

    private final JdbcTemplate jdbc;
    private final int limit;

    @Inject
    BackPressure(DataSource dataSource, ZoomInfoConfig config) {
        this(dataSource, config.bulk().queueLimit());
    }

    BackPressure(DataSource dataSource, int limit) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.limit = limit;
    }

    /** Counts no further than the limit. */
    boolean isHigh() {
        return jdbc.queryForObject("select count(*) from (select 1 from crm_update where state = 'QUEUED' limit ?) as q",
                Long.class, limit + 1) > limit;
    }
}
