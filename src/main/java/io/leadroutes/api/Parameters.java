package io.leadroutes.api;

import java.util.Optional;

/** Query parameters as the resources read them. */
final class Parameters {

    private Parameters() {
    }

    static Optional<String> text(String given) {
        return Optional.ofNullable(given).map(String::strip).filter(value -> !value.isEmpty());
    }

    static int limit(String given, int usual, int most) {
        return text(given).map(value -> {
            try {
                int limit = Integer.parseInt(value);
                if (limit >= 1 && limit <= most) {
                    return limit;
                }
            } catch (NumberFormatException e) {
                // answered below
            }
            throw Problem.invalid("limit", "It must be a number from 1 to " + most + ".");
        }).orElse(usual);
    }
}
