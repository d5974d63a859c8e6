package io.leadroutes.websights;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a view of a page counts; the first pattern that fits decides. */
final class PageWeights {

    private static final int LONGEST = 200;
    private static final double MOST = 1_000;

    private final List<Weight> weights = new ArrayList<>();

    private record Weight(Pattern page, double weight) {
    }

    /**
     * @param lines {@code pattern=weight}; {@code *} stands for any text
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    PageWeights(List<String> lines) {
        for (String line : lines) {
            int equals = line.lastIndexOf('=');
            String number = line.substring(equals + 1).strip();
            if (equals < 1 || !number.matches("\\d{1,4}(\\.\\d{1,3})?") || Double.parseDouble(number) > MOST) {
                throw new IllegalArgumentException("websights.page-weights: \"" + line
                        + "\" is not pattern=weight with a weight of 0 to 1000, for example /pricing*=5");
            }
            weights.add(new Weight(Pattern.compile(Arrays.stream(line.substring(0, equals).strip()
                    .toLowerCase(Locale.ROOT).split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"))),
                    Double.parseDouble(number)));
        }
    }

    /** 1 when no pattern fits. */
    double of(String page) {
        return weights.stream().filter(weight -> weight.page().matcher(page.toLowerCase(Locale.ROOT)).matches())
                .findFirst().map(Weight::weight).orElse(1.0);
    }

    /** The path of an address, without query and fragment: those may hold what nobody meant to send. */
    static String page(String address) {
        String path;
        try {
            path = URI.create(address.strip()).getPath();
        } catch (IllegalArgumentException e) {
            path = address.strip().replaceFirst("[?#].*$", "").replaceFirst("^[a-zA-Z]+://[^/]*", "");
        }
        String plain = (path == null || path.isBlank() ? "/" : path).replaceAll("\\p{Cntrl}", "");
        String rooted = plain.startsWith("/") ? plain : "/" + plain;
        return rooted.length() > LONGEST ? rooted.substring(0, LONGEST) : rooted;
    }
}
