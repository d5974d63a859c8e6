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
    private static final double EARTH_RADIUS_MILES = 3_959;

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

    /** Miles between the centres of two cities, over a globe. */
    public double milesTo(Place other) {
        double north = Math.toRadians(other.latitude - latitude);
        double east = Math.toRadians(other.longitude - longitude);
        double a = Math.pow(Math.sin(north / 2), 2) + Math.pow(Math.sin(east / 2), 2)
                * Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(other.latitude));
        return 2 * EARTH_RADIUS_MILES * Math.asin(Math.sqrt(a));
    }

    /** Whether a postal code, or the beginning of one, can belong to the city. */
    public boolean hasPostalCode(String code) {
        int length = Math.min(code.length(), postalPattern.length());
        for (int i = 0; i < length; i++) {
            char pattern = postalPattern.charAt(i);
            char c = code.charAt(i);
            boolean fits = pattern == '#' ? Character.isDigit(c) : pattern == '@' ? Character.isLetter(c)
                    : Character.toUpperCase(c) == pattern;
            if (!fits) {
                return false;
            }
        }
        return length > 0;
    }
}
