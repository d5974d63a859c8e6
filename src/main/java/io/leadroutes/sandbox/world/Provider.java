package io.leadroutes.sandbox.world;

/**
 * An internet provider; visitors at home or on the road come from its networks.
 *
 * @param countryCode ISO 3166-1 alpha-2 of the country it serves
 */
public record Provider(String name, String domain, String countryCode) {
}
