package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Place;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The criteria that speak of a place: state and country are alternatives, all others must hold together. A radius is measured
 * between the centres of cities.
 */
public final class PlaceFilter {

    private static final List<String> CRITERIA = List.of("state", "country", "continent", "zipCode", "metroRegion",
            "excludedRegions");

    private final Predicate<Place> place;
    private final List<String> zipCodes;
    private final Map<Place, Boolean> known = new IdentityHashMap<>();

    private PlaceFilter(Predicate<Place> place, List<String> zipCodes) {
        this.place = place;
        this.zipCodes = zipCodes;
    }

    /** Empty if the criteria speak of no place. */
    public static Optional<PlaceFilter> of(Criteria criteria, WorldIndex index) {
        if (CRITERIA.stream().noneMatch(criteria::has)) {
            return Optional.empty();
        }
        List<Predicate<Place>> all = new ArrayList<>();
        Set<String> states = names(criteria, "state");
        Set<String> countries = names(criteria, "country");
        if (!states.isEmpty() || !countries.isEmpty()) {
            all.add(p -> states.contains(flat(p.state())) || isCountry(countries, p));
        }
        criteria.set("continent").ifPresent(given -> {
            Set<String> continents = flat(given);
            all.add(p -> continents.contains(flat(p.continent())));
        });
        criteria.set("metroRegion").ifPresent(metros -> all.add(p -> metros.contains(p.metroArea())));
        criteria.list("excludedRegions").ifPresent(regions -> {
            Set<String> names = regions.stream().map(PlaceFilter::lastPart).collect(Collectors.toSet());
            all.add(p -> !regions.contains(p.metroArea()) && !names.contains(flat(p.state()))
                    && !names.contains(flat(p.continent())) && !isCountry(names, p));
        });
        List<String> zipCodes = criteria.list("zipCode").orElse(List.of());
        Optional<Double> miles = criteria.number("zipCodeRadiusMiles");
        if (miles.isPresent() && !zipCodes.isEmpty()) {
            List<Place> centres = index.places().stream().filter(p -> zipCodes.stream().anyMatch(p::hasPostalCode)).toList();
            all.add(p -> centres.stream().anyMatch(centre -> centre.milesTo(p) <= miles.get()));
            return Optional.of(new PlaceFilter(every(all), List.of()));
        }
        return Optional.of(new PlaceFilter(every(all), zipCodes));
    }

    /** The postal code is worked out only where it is asked for. */
    public boolean test(Place where, Supplier<String> zipCode) {
        Boolean here = known.get(where);
        if (here == null) {
            here = place.test(where);
            known.put(where, here);
        }
        return here && (zipCodes.isEmpty() || startsWithAny(zipCode.get().toLowerCase(Locale.ROOT), zipCodes));
    }

    static boolean isCountry(Set<String> names, Place place) {
        return names.contains(flat(place.country())) || names.contains(place.countryCode().toLowerCase(Locale.ROOT))
                || names.contains("usa") && place.countryCode().equals("US");
    }

    private static Set<String> names(Criteria criteria, String criterion) {
        return criteria.list(criterion).orElse(List.of()).stream().map(PlaceFilter::lastPart).collect(Collectors.toSet());
    }

    private static Predicate<Place> every(List<Predicate<Place>> all) {
        return CompanyFilter.every(all);
    }

    private static boolean startsWithAny(String zipCode, List<String> starts) {
        return !zipCode.isEmpty() && starts.stream().anyMatch(zipCode::startsWith);
    }

    /** {@code usa.georgia} and {@code Georgia} are both accepted. */
    static String lastPart(String dotted) {
        return flat(dotted.substring(dotted.lastIndexOf('.') + 1));
    }

    static String flat(String name) {
        return Names.plain(name).replace(" ", "");
    }

    private static Set<String> flat(Set<String> names) {
        return names.stream().map(PlaceFilter::flat).collect(Collectors.toSet());
    }
}
