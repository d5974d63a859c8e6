package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.IntentTopic;
import io.leadroutes.sandbox.world.JobFunction;
import io.leadroutes.sandbox.world.NewsItem;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Scoop;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The criteria whose values come from a lookup. A value that is in no lookup finds nothing, or is refused where the account is set
 * so: users have met both (collected facts §11). For one thread.
 */
final class Enumerated {

    private final World world;
    private Map<String, Predicate<String>> known;

    Enumerated(World world) {
        this.world = world;
    }

    /** Throws the documented error naming the criteria with a value that no lookup tells. */
    void refuseUnknown(Criteria criteria) {
        if (known == null) {
            known = known();
        }
        List<String> wrong = new ArrayList<>();
        known.forEach((name, isKnown) -> criteria.list(name).ifPresent(values -> {
            if (!values.stream().allMatch(isKnown)) {
                wrong.add(name);
            }
        }));
        if (!wrong.isEmpty()) {
            throw Criteria.invalid(wrong.toArray(String[]::new));
        }
    }

    private Map<String, Predicate<String>> known() {
        Map<String, Predicate<String>> all = new HashMap<>();
        for (String name : List.of("managementLevel", "excludeManagementLevel")) {
            all.put(name, word -> word.startsWith("board member")
                    || PersonFilter.LEVELS.stream().anyMatch(level -> PersonFilter.isLevel(word, level)));
        }
        Set<JobFunction> functions = world.people().stream().map(Person::function).collect(Collectors.toSet());
        for (String name : List.of("department", "buyingGroup")) {
            all.put(name, word -> word.equals("10") || word.equals("other")
                    || functions.stream().anyMatch(f -> PersonFilter.isDepartment(word, f.department())));
        }
        all.put("jobFunction", lower(functions.stream().map(JobFunction::name))::contains);
        all.put("industryCodes", lower(world.industries().stream().flatMap(i -> Stream.of(i.id(), i.subId())))::contains);
        all.put("companyType", word -> Set.of("public", "private", "nonprofit", "government", "education")
                .contains(PlaceFilter.flat(word)));
        all.put("companyRanking", Set.of("fortune100", "fortune500", "fortune1000", "global500", "private500",
                "russell3000")::contains);
        all.put("revenue", lower(Formats.revenueRangeIds().stream())::contains);
        all.put("employeeCount", lower(Formats.employeeRangeIds().stream())::contains);
        for (String name : List.of("subUnitTypes", "companyStructureIncludedSubUnitTypes")) {
            all.put(name, Set.of("location", "division", "subsidiary", "unspecified")::contains);
        }
        all.put("businessModel", Set.of("b2b", "b2c", "b2g")::contains);
        all.put("yearsOfExperience", word -> word.matches("\\d{1,2}([-+]\\d{0,2})?"));
        places(all);
        all.put("scoopType", word -> Scoop.TYPES.stream().anyMatch(kind -> isKind(word, kind)));
        all.put("scoopTopic", word -> Scoop.TOPICS.stream().anyMatch(kind -> isKind(word, kind)));
        all.put("categories", lower(NewsItem.CATEGORIES.stream())::contains);
        all.put("topics", lower(IntentTopic.ALL.stream().map(IntentTopic::name))::contains);
        return all;
    }

    private void places(Map<String, Predicate<String>> all) {
        var places = world.companies().stream().map(Company::place).distinct().toList();
        all.put("continent", word -> Set.of("africa", "antarctica", "asia", "europe", "northamerica", "oceania", "southamerica")
                .contains(PlaceFilter.flat(word)));
        Set<String> states = places.stream().map(p -> PlaceFilter.flat(p.state())).collect(Collectors.toSet());
        all.put("state", word -> states.contains(PlaceFilter.lastPart(word)));
        all.put("country", word -> places.stream().anyMatch(p -> PlaceFilter.isCountry(Set.of(PlaceFilter.lastPart(word)), p)));
        Set<String> metros = places.stream().map(p -> p.metroArea()).collect(Collectors.toSet());
        all.put("metroRegion", metros::contains);
    }

    /** By its number or its name, in lower case. */
    static boolean isKind(String word, Scoop.Kind kind) {
        return word.equals(Integer.toString(kind.id())) || word.equals(kind.name().toLowerCase(Locale.ROOT));
    }

    private static Set<String> lower(Stream<String> words) {
        return words.map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }
}
