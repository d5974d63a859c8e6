package io.leadroutes.sandbox.world;

import java.util.Optional;

/**
 * A range of internet addresses with the company or the provider that it belongs to; never both.
 *
 * @param lowest  first address of the range as text
 * @param highest last address of the range as text
 * @param place   where an address of it is thought to be
 * @param confidence how sure the company is, in hundredths; 0 if not told
 */
public record Network(String lowest, String highest, Optional<Company> company, Optional<Provider> provider, Place place,
        int confidence) {
}
