package io.leadroutes.lead;

import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;

/**
 * The right to work on one row until its lease ends.
 *
 * @param fence raised with each claim of the row; a write under an older one changes nothing
 */
public record Claim(UUID id, long fence) {

    /** The ids, as parameter of a query. */
    public static <T> UUID[] ids(Collection<T> all, Function<T, Claim> of) {
        return all.stream().map(one -> of.apply(one).id()).toArray(UUID[]::new);
    }

    /** The fences in the same order, as parameter of a query. */
    public static <T> Long[] fences(Collection<T> all, Function<T, Claim> of) {
        return all.stream().map(one -> of.apply(one).fence()).toArray(Long[]::new);
    }
}
