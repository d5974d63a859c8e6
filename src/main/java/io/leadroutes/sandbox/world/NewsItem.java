package io.leadroutes.sandbox.world;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An article about a company, in a paper of the world's own. Worked out when asked for. */
public final class NewsItem {

    /** ZoomInfo's seven categories, spelled as ZoomInfo spells them. */
    public static final List<String> CATEGORIES = List.of("FINANCIAL_RESULTS", "FUNDING", "GENERAL_NEWS",
            "GENERAL_PRESS_RELEASE", "MERGER_OR_ACQUISTION", "PERSON", "PRODUCT");

    private static final String[] PAPERS = {"newswire.example", "businessdaily.example", "prnews.example",
        "markets.example", "techpost.example"};
    private static final int DAYS = 365;

    private final World world;
    private final Company company;
    private final int number;
    private final int category;

    NewsItem(World world, Company company, int number) {
        this.world = world;
        this.company = company;
        this.number = number;
        int drawn = trait(0, CATEGORIES.size());
        // Who is part of a group is in the paper with it; who is not has no deal to tell of.
        this.category = CATEGORIES.get(drawn).equals("MERGER_OR_ACQUISTION") && company.parent().isEmpty() ? 3 : drawn;
    }

    /** Where it was printed, as in {@code newswire.example}. */
    public String domain() {
        return PAPERS[trait(1, PAPERS.length)];
    }

    public String url() {
        LocalDateTime date = pageDate();
        return "https://www." + domain() + "/" + date.getYear() + "/" + date.getMonthValue() + "/"
                + CATEGORIES.get(category).toLowerCase(Locale.ROOT).replace('_', '-') + "-" + (company.id() * 100 + number);
    }

    /** Empty for half of them. */
    public String imageUrl() {
        return trait(2, 2) == 0 ? "" : "https://images." + domain() + "/" + (company.id() * 100 + number) + ".jpg";
    }

    /** In UTC. */
    public LocalDateTime pageDate() {
        long u = trait(3, 1_000);
        return World.TODAY.minusDays(u * u * DAYS / 1_000_000).atTime(trait(4, 24), trait(5, 60), trait(6, 60))
                .minusHours(24);
    }

    /** One of {@link #CATEGORIES}, or two. */
    public List<String> categories() {
        return category > 2 && trait(7, 4) == 0 ? List.of(CATEGORIES.get(category), "GENERAL_NEWS")
                : List.of(CATEGORIES.get(category));
    }

    /** The company, and the group that takes it over where there is one. */
    public List<Company> companies() {
        return CATEGORIES.get(category).equals("MERGER_OR_ACQUISTION") ? List.of(company, company.parent().orElseThrow())
                : List.of(company);
    }

    public String title() {
        String name = company.name();
        return switch (CATEGORIES.get(category)) {
            case "FINANCIAL_RESULTS" -> name + " reports results of the " + quarter() + " quarter";
            case "FUNDING" -> name + " secures " + (1 + trait(8, 80)) + " million US dollars";
            case "MERGER_OR_ACQUISTION" -> company.parent().orElseThrow().name() + " completes acquisition of " + name;
            case "PERSON" -> person().map(p -> p.fullName() + " of " + name + " speaks on " + company.industry().name())
                    .orElse(name + " strengthens its board");
            case "PRODUCT" -> name + " presents its new line for " + company.industry().subName();
            case "GENERAL_PRESS_RELEASE" -> name + " announces its plans for " + (World.TODAY.getYear() + 1);
            default -> name + " in the news in " + company.place().city();
        };
    }

    public String description() {
        return title() + ". " + company.name() + ", founded in " + company.foundedYear() + ", is active in "
                + company.industry().subName() + ".";
    }

    private String quarter() {
        return new String[] {"first", "second", "third", "fourth"}[trait(8, 4)];
    }

    private Optional<Person> person() {
        return world.peopleOf(company).stream().filter(p -> !p.optedOut()).findFirst();
    }

    private int trait(int salt, int bound) {
        return company.trait(Signals.NEWS + number * 100 + salt, bound);
    }
}
