package io.leadroutes.facts;

import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.TimeZone.SystemTimeZoneType;
import com.ibm.icu.util.ULocale;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Countries, states and their zones under the names people write (routing specification §3.3): ISO 3166 codes, CLDR's
 * English and native names, and own lists of other names.
 */
final class Places {

    /** @param known false: the zone of most people of the country, or UTC */
    record Zone(ZoneId id, boolean known) {
    }

    private final Map<String, String> countries = new HashMap<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, ZoneId> stateZones = new HashMap<>();
    private final Map<String, ZoneId> onlyZones = new HashMap<>();
    private final Map<String, ZoneId> usualZones = new HashMap<>();

    Places() {
        for (String code : ULocale.getISOCountries()) {
            ULocale country = new ULocale("", code);
            countries.putIfAbsent(DataFile.key(country.getDisplayCountry(ULocale.ENGLISH)), code);
            String language = ULocale.addLikelySubtags(new ULocale("und_" + code)).getLanguage();
            countries.putIfAbsent(DataFile.key(country.getDisplayCountry(new ULocale(language, code))), code);
            if (!country.getISO3Country().isEmpty()) {
                countries.put(DataFile.key(country.getISO3Country()), code);
            }
            Set<String> zones = TimeZone.getAvailableIDs(SystemTimeZoneType.CANONICAL_LOCATION, code, null);
            if (zones.size() == 1) {
                zone(zones.iterator().next()).ifPresent(zone -> onlyZones.put(code, zone));
            }
        }
        for (String line : DataFile.lines("countries.csv")) {
            String[] row = line.split(";");
            countries.put(DataFile.key(row[0]), row[1]);
        }
        for (String code : ULocale.getISOCountries()) {
            countries.put(DataFile.key(code), code);
        }
        for (String line : DataFile.lines("states.csv")) {
            String[] row = line.split(";", -1);
            String code = row[0] + "-" + row[1];
            stateZones.put(code, ZoneId.of(row[3]));
            states.put(row[0] + DataFile.key(code), code);
            states.put(row[0] + DataFile.key(row[1]), code);
            states.put(row[0] + DataFile.key(row[2]), code);
            for (String other : row[4].split("\\|")) {
                if (!other.isEmpty()) {
                    states.put(row[0] + DataFile.key(other), code);
                }
            }
        }
        for (String line : DataFile.lines("zones.csv")) {
            String[] row = line.split(";");
            usualZones.put(row[0], ZoneId.of(row[1]));
        }
    }

    /** ISO 3166-1 alpha-2 code. */
    Optional<String> country(String text) {
        return Optional.ofNullable(countries.get(DataFile.key(text)));
    }

    /** ISO 3166-2 code within the country; a code of a country that has no list here is taken as it stands. */
    Optional<String> state(String country, String text) {
        String known = states.get(country + DataFile.key(text));
        if (known != null) {
            return Optional.of(known);
        }
        String code = text.strip().toUpperCase(Locale.ROOT);
        boolean listed = stateZones.keySet().stream().anyMatch(state -> state.startsWith(country + "-"));
        return !listed && code.matches(country + "-[A-Z0-9]{1,3}") ? Optional.of(code) : Optional.empty();
    }

    /** Upper case without blanks and hyphens; five digits in the United States. Empty when nothing remains. */
    static Optional<String> postalCode(Optional<String> country, String text) {
        String code = text.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "");
        if (country.equals(Optional.of("US")) && code.length() > 5) {
            code = code.substring(0, 5);
        }
        return Optional.of(code).filter(rest -> !rest.isEmpty());
    }

    Zone zone(Optional<String> country, Optional<String> state) {
        if (country.isPresent() && onlyZones.containsKey(country.get())) {
            return new Zone(onlyZones.get(country.get()), true);
        }
        if (state.isPresent() && stateZones.containsKey(state.get())) {
            return new Zone(stateZones.get(state.get()), true);
        }
        return new Zone(country.map(usualZones::get).orElse(ZoneId.of("UTC")), false);
    }

    private static Optional<ZoneId> zone(String id) {
        return ZoneId.getAvailableZoneIds().contains(id) ? Optional.of(ZoneId.of(id)) : Optional.empty();
    }
}
