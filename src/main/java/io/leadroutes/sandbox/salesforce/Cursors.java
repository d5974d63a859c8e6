package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers of queries that did not fit on one page; the ten newest are kept open, as Salesforce does for a user. */
final class Cursors {

    private record Cursor(QueryEngine.Found found, int pageSize) {
    }

    private final Map<String, Cursor> open = new LinkedHashMap<>();
    private long number;

    synchronized ObjectNode first(QueryEngine.Found found, int pageSize, String base) {
        String id = "";
        if (found.rows().size() > pageSize) {
            id = SalesforceId.of("01g", ++number);
            open.put(id, new Cursor(found, pageSize));
            if (open.size() > 10) {
                open.remove(open.keySet().iterator().next());
            }
        }
        return page(id, new Cursor(found, pageSize), 0, base);
    }

    /** The page that a locator, {@code id-offset}, names. */
    synchronized ObjectNode next(String locator, String base) {
        int dash = locator.lastIndexOf('-');
        Cursor cursor = dash < 0 ? null : open.get(locator.substring(0, dash));
        String offset = locator.substring(dash + 1);
        if (cursor == null || !offset.matches("\\d{1,9}")
                || Integer.parseInt(offset) >= cursor.found().rows().size()) {
            throw new Refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
        }
        return page(locator.substring(0, dash), cursor, Integer.parseInt(offset), base);
    }

    synchronized void reset() {
        open.clear();
    }

    private static ObjectNode page(String id, Cursor cursor, int from, String base) {
        int to = Math.min(cursor.found().rows().size(), from + cursor.pageSize());
        boolean done = to == cursor.found().rows().size();
        ObjectNode page = JsonNodeFactory.instance.objectNode().put("totalSize", cursor.found().total())
                .put("done", done);
        if (!done) {
            page.put("nextRecordsUrl", base + "/query/" + id + "-" + to);
        }
        ArrayNode records = page.putArray("records");
        List<java.util.function.Function<String, ObjectNode>> rows = cursor.found().rows().subList(from, to);
        rows.forEach(row -> records.add(row.apply(base)));
        return page;
    }
}
