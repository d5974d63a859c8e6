package io.leadroutes.sandbox.world;

import java.util.ArrayList;
import java.util.List;

/**
 * What can be learned of the world's companies: scoops of the last 180 days, news of the last year and intent of the last
 * 13 weeks, all before {@link World#TODAY}. Nothing is kept; the same company always gives the same answer. Safe for several
 * threads.
 */
public final class Signals {

    /** Where the salts of scoops, news and intent begin, so that they share no chance. */
    static final int SCOOPS = 100_000;
    static final int NEWS = 200_000;
    static final int INTENT = 300_000;
    static final int MOST_SCOOPS = 8;
    private static final int WEEKS = 13;

    private final World world;

    public Signals(World world) {
        this.world = world;
    }

    /** Larger companies have more; those that are defunct none. */
    public List<Scoop> scoops(Company company) {
        int count = company.defunct() ? 0 : Math.min(MOST_SCOOPS, size(company) + company.trait(SCOOPS - 1, 4));
        List<Scoop> scoops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            scoops.add(new Scoop(world, company, i));
        }
        return scoops;
    }

    /** The articles a company is the subject of; one of another company may name it too. */
    public List<NewsItem> news(Company company) {
        int count = size(company) * 2 + company.trait(NEWS - 1, 3);
        List<NewsItem> news = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            news.add(new NewsItem(world, company, i));
        }
        return news;
    }

    /** Every article that names the company. */
    public List<NewsItem> newsNaming(Company company) {
        List<NewsItem> all = new ArrayList<>(news(company));
        for (Company child : world.childrenOf(company)) {
            news(child).stream().filter(item -> item.companies().contains(company)).forEach(all::add);
        }
        return all;
    }

    /** Newest first within a topic. */
    public List<IntentSignal> intent(Company company) {
        List<IntentSignal> signals = new ArrayList<>();
        if (company.defunct()) {
            return signals;
        }
        int likely = 6 + 4 * size(company);
        for (int topic = 0; topic < IntentTopic.ALL.size(); topic++) {
            if (company.trait(INTENT + topic, 100) < likely) {
                int first = company.trait(INTENT + 500 + topic, WEEKS);
                int weeks = Math.min(first, company.trait(INTENT + 600 + topic, 3));
                for (int week = first - weeks; week <= first; week++) {
                    signals.add(new IntentSignal(world, company, topic, week, week == first));
                }
            }
        }
        return signals;
    }

    private static int size(Company company) {
        return company.employees() >= 5_000 ? 4 : company.employees() >= 500 ? 3 : company.employees() >= 50 ? 1 : 0;
    }
}
