package io.leadroutes.sandbox.zoominfo.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Cuts a page out of what was found and writes the paged envelope (collected facts §5.1). */
public final class Pages {

    private final ZoomInfoSettings settings;
    private final JsonFactory json = new JsonFactory();

    public Pages(ZoomInfoSettings settings) {
        this.settings = settings;
    }

    /** Some items of all that were found. */
    public record Page<T>(List<T> items, int number, int found) {
    }

    /** Writes one item. */
    public interface ItemWriter<T> {

        void write(JsonGenerator out, T item) throws IOException;
    }

    /** The page asked for, or the documented error if there is none. */
    public <T> Page<T> cut(Criteria criteria, List<T> found) {
        int page = criteria.page();
        int rpp = criteria.rpp();
        long cap = settings.paginationCap.get();
        long reach = settings.paginationCapCounts.get().equals("pages") ? page : (long) page * rpp;
        if (reach > cap) {
            throw new ApiError(400, "Total record pagination is over max allowed value (" + cap + ")");
        }
        // As if a record had come in at the front while each page was read: the last one of a page is on the next page too.
        boolean shifting = settings.duplicatesBetweenPages.get() && page > 1;
        long from = (long) (page - 1) * (shifting ? Math.max(1, rpp - 1) : rpp);
        if (page > 1 && from >= found.size()) {
            throw new ApiError(400, ApiError.PAGE_TOO_GREAT);
        }
        return new Page<>(found.subList((int) from, (int) Math.min(found.size(), from + rpp)), page,
                found.size() + (shifting ? page - 1 : 0));
    }

    /** @param withTotal whether {@code totalResults} is told, which news leave out */
    public <T> Reply reply(Page<T> page, boolean withTotal, ItemWriter<T> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(page.items().size() * 640 + 128);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("maxResults", page.found());
            if (withTotal) {
                out.writeNumberField("totalResults",
                        settings.totalResults.get().equals("page") ? page.items().size() : page.found());
            }
            out.writeNumberField("currentPage", page.number());
            out.writeArrayFieldStart("data");
            for (T item : page.items()) {
                writer.write(out, item);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.json(200, bytes.toByteArray());
    }
}
