package io.leadroutes.sandbox.zoominfo.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * One bulk job. Its pages get done one after the other, each after the same while, in an order of their own. A page
 * is worked out when it gets done, and of that only which input matched whom is kept; its JSON is made when it is
 * fetched. For one thread.
 */
final class BulkJob {

    /** What a job does; in the words of the API. */
    enum Type {
        PREVIEW, REDEEM, ENRICH;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where the work of a page is done. */
    interface Work {

        /** The matches of the items from (inclusive) to (exclusive), charged. */
        List<Match> of(int from, int to);
    }

    private final String id;
    private final Type type;
    private final boolean contacts;
    private final Instant created;
    private final int records;
    private final int pageSize;
    private final Duration pageTime;
    private final List<List<Match>> donePages;
    private final int[] order;
    private final Work work;
    private int done;
    private boolean failed;

    BulkJob(String id, Type type, boolean contacts, Instant created, int records, int pageSize, Duration pageTime,
            long seed, Work work) {
        this.id = id;
        this.type = type;
        this.contacts = contacts;
        this.created = created;
        this.records = records;
        this.pageSize = pageSize;
        this.pageTime = pageTime;
        this.work = work;
        int pages = (records + pageSize - 1) / pageSize;
        this.donePages = new ArrayList<>(Collections.nCopies(pages, null));
        this.order = shuffled(pages, seed);
    }

    private static int[] shuffled(int pages, long seed) {
        List<Integer> numbers = new ArrayList<>(pages);
        for (int page = 0; page < pages; page++) {
            numbers.add(page);
        }
        Collections.shuffle(numbers, new Random(seed));
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    String id() {
        return id;
    }

    Type type() {
        return type;
    }

    Instant created() {
        return created;
    }

    int pages() {
        return order.length;
    }

    int donePages() {
        return done;
    }

    boolean isActive() {
        return !failed && done < order.length;
    }

    void fail() {
        failed = true;
    }

    /** Gets the pages done whose time has come. */
    void advance(Instant now) {
        while (isActive() && !now.isBefore(created.plus(pageTime.multipliedBy(done + 1L)))) {
            int page = order[done++];
            donePages.set(page, work.of(page * pageSize, Math.min(records, (page + 1) * pageSize)));
        }
    }

    /** Number of the first item of a page, counted from 0. */
    int firstOf(int page) {
        return (page - 1) * pageSize;
    }

    /** The matches of a page counted from 1; empty for one that is not done. */
    Optional<List<Match>> page(int page) {
        return Optional.ofNullable(donePages.get(page - 1));
    }

    String entity() {
        return contacts ? "contact" : "company";
    }

    boolean isOfContacts() {
        return contacts;
    }

    int records() {
        return records;
    }

    /** The answer of the status call. */
    void status(ObjectNode answer, Instant now, boolean upperCase) {
        String word = failed ? "Failed" : done == order.length ? "Completed"
                : now.isBefore(created.plus(pageTime.dividedBy(2))) ? "Queued" : "In_Progress";
        answer.put("status", upperCase ? word.toUpperCase(Locale.ROOT) : word);
        answer.put("jobType", type.word());
        answer.put("entityType", entity().toUpperCase(Locale.ROOT));
        answer.put("totalRecords", records);
        answer.put("totalPages", order.length);
        answer.put("successfulPagesCount", done);
        var pages = answer.putArray("successfulPages");
        Arrays.stream(order, 0, done).map(page -> page + 1).sorted().forEach(pages::add);
    }
}
