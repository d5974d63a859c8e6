package io.leadroutes.sandbox.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import net.datafaker.Faker;

/**
 * A few thousand words of each kind, drawn once from Datafaker and combined a hundred thousand times: asking the generator for each
 * person would cost many seconds.
 */
final class Pools {

    /** Names and streets of one language. */
    record Language(String[] firstNames, String[] lastNames, String[] streets) {
    }

    private final Language english;
    private final Language german;
    private final Language french;
    private final String[] companyWords;
    private final String[] jobTitles;
    private final List<Place> places = new ArrayList<>();
    private final int[] placeWeights;
    private final List<Industry> industries = new ArrayList<>();
    private final int[] industryWeights;
    private final List<Technology> technologies = new ArrayList<>();
    private final List<Provider> providers = new ArrayList<>();

    Pools(long seed) {
        Faker faker = new Faker(Locale.US, new Random(seed));
        english = language(faker, 800, 1_500, 700);
        german = language(new Faker(Locale.GERMANY, new Random(seed + 1)), 350, 600, 400);
        french = language(new Faker(Locale.FRANCE, new Random(seed + 2)), 200, 400, 300);
        companyWords = draw(250, () -> capital(lastWord(faker.company().buzzword())));
        jobTitles = draw(300, () -> faker.job().title());
        List<Integer> weights = new ArrayList<>();
        for (String[] row : rows("places.tsv")) {
            places.add(new Place(row[0], row[1], row[2], row[3], row[4], row[5], row[6], Double.parseDouble(row[8]),
                    Double.parseDouble(row[9])));
            weights.add(Integer.parseInt(row[7]));
        }
        placeWeights = sums(weights);
        weights.clear();
        for (String[] row : rows("industries.tsv")) {
            industries.add(new Industry(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7],
                    Integer.parseInt(row[8]), row[10]));
            weights.add(Integer.parseInt(row[9]));
        }
        industryWeights = sums(weights);
        for (String[] row : rows("technologies.tsv")) {
            technologies.add(new Technology(row[0], row[1], row[2], row[3], row[4]));
        }
        for (String[] row : rows("providers.tsv")) {
            providers.add(new Provider(row[0], row[1], row[2]));
        }
    }

    Language language(Place place) {
        return switch (place.countryCode()) {
            case "DE", "CH" -> german;
            case "FR" -> french;
            default -> place.state().equals("Quebec") ? french : english;
        };
    }

    Place place(SplittableRandom random) {
        return places.get(weighted(placeWeights, random));
    }

    /** Another place of the same country, or the same where the country has one only. */
    Place placeNear(Place place, SplittableRandom random) {
        for (int i = 0; i < 40; i++) {
            Place other = place(random);
            if (other.countryCode().equals(place.countryCode()) && other != place) {
                return other;
            }
        }
        return place;
    }

    Industry industry(SplittableRandom random) {
        return industries.get(weighted(industryWeights, random));
    }

    List<Industry> industries() {
        return industries;
    }

    List<Technology> technologies() {
        return technologies;
    }

    List<Place> places() {
        return places;
    }

    List<Provider> providers() {
        return providers;
    }

    String companyWord(SplittableRandom random) {
        return companyWords[random.nextInt(companyWords.length)];
    }

    String jobTitle(SplittableRandom random) {
        return jobTitles[random.nextInt(jobTitles.length)];
    }

    /** Words at the front of a pool come more often, as names do. */
    static String skewed(String[] pool, SplittableRandom random) {
        double u = random.nextDouble();
        return pool[(int) (pool.length * u * u)];
    }

    private static Language language(Faker faker, int first, int last, int streets) {
        return new Language(draw(first, () -> faker.name().firstName()), draw(last, () -> faker.name().lastName()),
                draw(streets, () -> faker.address().streetName()));
    }

    private static String[] draw(int wanted, Supplier<String> source) {
        Set<String> words = new LinkedHashSet<>();
        for (int i = 0; i < wanted * 3 && words.size() < wanted; i++) {
            words.add(source.get());
        }
        return words.toArray(String[]::new);
    }

    private static String lastWord(String text) {
        return text.substring(Math.max(text.lastIndexOf(' '), text.lastIndexOf('-')) + 1);
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static int[] sums(List<Integer> weights) {
        int[] sums = new int[weights.size()];
        int sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += weights.get(i);
            sums[i] = sum;
        }
        return sums;
    }

    private static int weighted(int[] sums, SplittableRandom random) {
        int at = java.util.Arrays.binarySearch(sums, random.nextInt(sums[sums.length - 1]) + 1);
        return at >= 0 ? at : -at - 1;
    }

    private static List<String[]> rows(String file) {
        try (var in = Pools.class.getResourceAsStream("/sandbox/" + file);
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t", -1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
