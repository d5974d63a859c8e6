package io.leadroutes.api;

import java.util.Optional;

/** Query parameters as the resources read them. */
final class Parameters {

    private Parameters() {
    }

    static Optional<String> text(String given) {
        Optional<String> text = Optional.ofNullable(given).map(String::strip).filter(value -> !value.isEmpty());
        if (text.filter(value -> value.indexOf('\0') >= 0).isPresent()) {
            throw new Problem(400, "A parameter is not valid", "It must not hold the character NUL.");
        }
        return text;
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
