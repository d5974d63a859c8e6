package io.leadroutes.sandbox.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which hashtags a company has: what it does, to whom it sells, how it fares, and what it uses. */
public final class Hashtags {

    private static final Hashtag GROWING = fact("employees.growing", "Growing Headcount", "Growth");
    private static final Hashtag SHRINKING = fact("employees.shrinking", "Shrinking Headcount", "Growth");
    private static final Hashtag FUNDED = fact("funding.recent", "Recently Funded", "Funding");
    private static final Hashtag PUBLIC = fact("type.public", "Publicly Traded", "Ownership");
    private static final Hashtag SUBSIDIARY = fact("type.subsidiary", "Subsidiary", "Ownership");
    private static final Hashtag CLOUD = fact("tech.cloud", "Runs in the Cloud", "Technology");

    private Hashtags() {
    }

    /** Those of one company, each once. */
    public static List<Hashtag> of(Company company) {
        List<Hashtag> tags = new ArrayList<>();
        Industry industry = company.industry();
        tags.add(ofIndustry(industry));
        tags.add(ofModel(industry));
        if (company.employees() > 0 && company.growth(1) >= 15) {
            tags.add(GROWING);
        } else if (company.employees() > 0 && company.growth(1) < 0) {
            tags.add(SHRINKING);
        }
        if (!company.fundings().isEmpty()) {
            tags.add(FUNDED);
        }
        if (!company.ticker().isEmpty()) {
            tags.add(PUBLIC);
        }
        if (company.parent().isPresent()) {
            tags.add(SUBSIDIARY);
        }
        boolean cloud = false;
        for (Technology technology : company.technologies()) {
            tags.add(ofTechnology(technology));
            cloud |= technology.category().equals("Cloud Infrastructure");
        }
        if (cloud) {
            tags.add(CLOUD);
        }
        return tags;
    }

    /** All there are, each once. */
    public static List<Hashtag> all(World world) {
        Map<String, Hashtag> all = new LinkedHashMap<>();
        world.industries().forEach(industry -> {
            add(all, ofIndustry(industry));
            add(all, ofModel(industry));
        });
        List.of(GROWING, SHRINKING, FUNDED, PUBLIC, SUBSIDIARY, CLOUD).forEach(tag -> add(all, tag));
        world.technologies().forEach(technology -> add(all, ofTechnology(technology)));
        return List.copyOf(all.values());
    }

    private static void add(Map<String, Hashtag> all, Hashtag tag) {
        all.putIfAbsent(tag.tag(), tag);
    }

    private static Hashtag ofIndustry(Industry industry) {
        return new Hashtag("industry." + industry.subId(), industry.subName(), "Industry", "Company Attributes", "", "");
    }

    private static Hashtag ofModel(Industry industry) {
        String model = industry.businessModel();
        return fact("model." + model.toLowerCase(Locale.ROOT), model, "Business Model");
    }

    private static Hashtag ofTechnology(Technology technology) {
        return new Hashtag("uses." + technology.attribute(), "Uses " + technology.product(), "Technology",
                technology.parentCategory(), technology.category(), technology.vendor());
    }

    private static Hashtag fact(String tag, String label, String group) {
        return new Hashtag(tag, label, group, "Company Attributes", "", "");
    }
}
