package io.leadroutes.sandbox.world;

import java.util.Set;

/**
 * A city of the gazetteer.
 *
 * @param country English name, as in {@code United States}
 * @param countryCode ISO 3166-1 alpha-2
 * @param state English name of the state or region; empty where there is none
 * @param city name of the city
 * @param postalPattern {@code #} a digit, {@code @} a letter
 * @param phonePattern {@code #} a digit
 * @param metroArea dotted id
 * @param latitude degrees north of the equator
 * @param longitude degrees east of Greenwich
 */
public record Place(String country, String countryCode, String state, String city, String postalPattern,
        String phonePattern, String metroArea, double latitude, double longitude) {

    private static final Set<String> EU = Set.of("DE", "FR", "NL", "ES", "IT", "SE", "IE", "PL");

    public boolean withinEu() {
        return EU.contains(countryCode);
    }

    public boolean withinCalifornia() {
        return countryCode.equals("US") && state.equals("California");
    }

    public boolean withinCanada() {
        return countryCode.equals("CA");
    }

    /** Continent by its English name. */
    public String continent() {
        return switch (countryCode) {
            case "US", "CA" -> "North America";
            case "BR" -> "South America";
            case "IN", "SG", "JP" -> "Asia";
            case "AU" -> "Oceania";
            default -> "Europe";
        };
    }
}
