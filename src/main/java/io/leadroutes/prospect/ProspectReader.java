package io.leadroutes.prospect;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Tells about prospect lists, for the API. */
@ApplicationScoped
public class ProspectReader {

    private final JdbcTemplate jdbc;
    private final ProspectLists lists;

    ProspectReader(DataSource dataSource, ProspectLists lists) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.lists = lists;
    }

    /** Each list of the file with its budget, its persons by state and its last run. */
    public List<Map<String, Object>> lists() {
        List<Map<String, Object>> told = new ArrayList<>();
        for (ProspectList list : lists.read()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", list.name());
            one.put("enabled", list.enabled());
            one.put("every", list.every().toString());
            Map<String, Object> persons = new LinkedHashMap<>();
            jdbc.query("select state, count(*) from prospect_person where list = ? group by state order by state", row -> {
                persons.put(row.getString(1), row.getLong(2));
            }, list.name());
            one.put("persons", persons);
            one.put("credits", Map.of("perRun", list.perRun(), "total", list.total(), "spent", jdbc.queryForObject(
                    "select coalesce(sum(credits + reserved), 0) from prospect_run where list = ?", Long.class,
                    list.name())));
            jdbc.query("""
                    select * from prospect_run where list = ? order by started_at desc limit 1""", row -> {
                        Map<String, Object> run = new LinkedHashMap<>();
                        run.put("state", row.getString("state"));
                        run.put("startedAt", row.getTimestamp("started_at").toInstant());
                        if (row.getTimestamp("ended_at") != null) {
                            run.put("endedAt", row.getTimestamp("ended_at").toInstant());
                        }
                        if (row.getString("cause") != null) {
                            run.put("cause", row.getString("cause"));
                        }
                        for (String count : List.of("found", "unwanted", "known", "suppressed", "waiting", "unmatched",
                                "queued", "gone", "credits", "reserved")) {
                            run.put(count, row.getInt(count));
                        }
                        one.put("lastRun", run);
                    }, list.name());
            told.add(one);
        }
        return told;
    }
}
