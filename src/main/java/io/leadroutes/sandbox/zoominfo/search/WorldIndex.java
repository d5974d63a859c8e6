package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.World;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What searches look up again and again: plain names of companies, and the place that a name has in the order of the alphabet. Each
 * is made when first asked for, in some 20 ms, and kept by the name, so that a company may change its own. For one thread.
 */
public final class WorldIndex {

    private final World world;
    private final Map<String, String> plainNames = new HashMap<>();
    private Map<String, Integer> companyRanks = Map.of();
    private Map<String, Integer> lastNameRanks;
    private List<Place> places;

    public WorldIndex(World world) {
        this.world = world;
    }

    public World world() {
        return world;
    }

    String plainName(Company company) {
        return plainNames.computeIfAbsent(company.name(), Names::plain);
    }

    /** The place of the company among all by its name; namesakes share one. */
    public int rank(Company company) {
        Integer rank = companyRanks.get(company.name());
        if (rank == null) {
            // The first search, or somebody changed the name.
            companyRanks = ranks(world.companies().stream().map(Company::name).collect(Collectors.toSet()));
            rank = companyRanks.get(company.name());
        }
        return rank;
    }

    int rankOfLastName(Person person) {
        if (lastNameRanks == null) {
            lastNameRanks = ranks(world.people().stream().map(Person::lastName).collect(Collectors.toSet()));
        }
        return lastNameRanks.getOrDefault(person.lastName(), Integer.MAX_VALUE);
    }

    /** Every place that a company has its headquarters in. */
    List<Place> places() {
        if (places == null) {
            places = world.companies().stream().map(Company::place).distinct().toList();
        }
        return places;
    }

    private static Map<String, Integer> ranks(Collection<String> names) {
        Map<String, Integer> ranks = new HashMap<>(names.size() * 2);
        new TreeSet<>(names).forEach(name -> ranks.put(name, ranks.size()));
        return ranks;
    }
}
