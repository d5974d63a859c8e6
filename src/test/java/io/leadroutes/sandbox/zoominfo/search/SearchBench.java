package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.zoominfo.StandIn;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints how long searches over the whole world take, over HTTP, one after the other, and for how long they keep the event loop busy:
 * processor time, which a loaded machine does not lengthen. A program, not a test.
 */
final class SearchBench {

    private static final int WARM_UP = 10;
    private static final int RUNS = 21;
    private static final String[][] SEARCHES = {
        {"/search/contact", "{\"managementLevel\":\"VP Level Exec,Director\",\"country\":\"United States\",\"industryCodes\":"
                + "\"software\",\"employeeRangeMin\":\"100\"}"},
        {"/search/contact", "{\"jobTitle\":\"Director OR VP\",\"country\":\"Germany\",\"requiredFields\":\"email,directPhone\"}"},
        {"/search/contact", "{\"executivesOnly\":true}"},
        {"/search/contact", "{\"executivesOnly\":false,\"sortBy\":\"lastName\"}"},
        {"/search/contact", "{\"country\":\"usa\",\"sortBy\":\"lastMentioned\",\"sortOrder\":\"desc\",\"page\":900}"},
        {"/search/contact", "{\"fullName\":\"Ada Example\"}"},
        {"/search/contact", "{\"zipCode\":\"100\",\"zipCodeRadiusMiles\":\"50\",\"department\":\"Marketing\"}"},
        {"/search/contact", "{\"zipCode\":\"10001,10002\"}"},
        {"/search/contact", "{\"school\":\"Business School\",\"degree\":\"Master\"}"},
        {"/search/contact", "{\"lastUpdatedInMonths\":3,\"contactAccuracyScoreMin\":\"90\",\"sortBy\":\"relevance\"}"},
        {"/search/contact", "{\"companyPastOrPresent\":\"pastAndPresent\",\"industryCodes\":\"software\"}"},
        {"/search/company", "{\"companyName\":\"Systems OR Labs\",\"sortBy\":\"name\",\"sortOrder\":\"asc\"}"},
        {"/search/company", "{\"companyDescription\":\"Denver\"}"},
        {"/search/company", "{\"hashTagString\":\"employees.growing\",\"sortBy\":\"revenue\"}"},
        {"/search/scoop", "{\"scoopTopic\":\"14,17,18\"}"},
        {"/search/scoop", "{\"description\":\"award\",\"publishedStartDate\":\"2026-01-01\"}"},
        {"/search/news", "{\"categories\":[\"FUNDING\"]}"},
        {"/search/intent", "{\"topics\":[\"Cloud Migration\",\"DevOps\"],\"signalScoreMin\":80}"},
        {"/enrich/scoop", "{\"companyId\":2000003}"},
        {"/enrich/intent", "{\"companyId\":2000003,\"topics\":[\"Cloud Migration\"]}"}};

    private SearchBench() {
    }

    public static void main(String... args) {
        try (StandIn standIn = new StandIn()) {
            standIn.reset();
            System.out.printf("%8s %8s %8s %8s %8s%n", "first ms", "median", "most", "loop ms", "found");
            for (String[] search : SEARCHES) {
                double first = millis(standIn, search);
                for (int i = 0; i < WARM_UP; i++) {
                    millis(standIn, search);
                }
                double[] times = new double[RUNS];
                double busy = loopMillis();
                for (int i = 0; i < RUNS; i++) {
                    times[i] = millis(standIn, search);
                }
                busy = (loopMillis() - busy) / RUNS;
                Arrays.sort(times);
                System.out.printf(Locale.ROOT, "%8.1f %8.1f %8.1f %8.1f %8d %s %s%n", first, times[RUNS / 2], times[RUNS - 1], busy,
                        standIn.post(search[0], search[1]).path("maxResults").asInt(), search[0], search[1]);
            }
        }
    }

    private static double millis(StandIn standIn, String[] search) {
        long start = System.nanoTime();
        standIn.client.post(search[0], search[1]);
        return (System.nanoTime() - start) / 1e6;
    }

    private static double loopMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("eventloop")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos / 1e6;
    }
}
