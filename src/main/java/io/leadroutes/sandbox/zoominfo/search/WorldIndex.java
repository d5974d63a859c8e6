package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What searches look up again and again of what does not change in the world: plain names of companies, and the place that a name
 * has in the order of the alphabet. Each is made when first asked for, in some 20 ms. For one thread.
 */
public final class WorldIndex {

    private final World world;
    private Map<Company, String> plainNames;
    private Map<Company, Integer> companyRanks;
    private Map<String, Integer> lastNameRanks;
    private List<Place> places;

    public WorldIndex(World world) {
        this.world = world;
    }

    public World world() {
        return world;
    }

    String plainName(Company company) {
        if (plainNames == null) {
            plainNames = new IdentityHashMap<>(world.companies().size() * 2);
            world.companies().forEach(each -> plainNames.put(each, Names.plain(each.name())));
        }
        return plainNames.get(company);
    }

    /** The place of the company among all by its name. */
    public int rank(Company company) {
        if (companyRanks == null) {
            List<Company> sorted = new ArrayList<>(world.companies());
            sorted.sort(Comparator.comparing(Company::name));
            Map<Company, Integer> ranks = new IdentityHashMap<>(sorted.size() * 2);
            int rank = 0;
            for (int i = 0; i < sorted.size(); i++) {
                // Namesakes share a rank, so that other orders show through.
                rank += i > 0 && !sorted.get(i).name().equals(sorted.get(i - 1).name()) ? 1 : 0;
                ranks.put(sorted.get(i), rank);
            }
            companyRanks = ranks;
        }
        return companyRanks.get(company);
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
