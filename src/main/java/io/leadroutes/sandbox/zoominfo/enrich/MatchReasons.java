package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Site;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How well what was sent fits a site: for each attribute E (the same), F (alike), D (different) or M (nothing sent or nothing
 * known), and the score, which is the number of attributes that are E or F (collected facts §6.4).
 *
 * @param grades by attribute, under the names that {@code match_reasons} uses
 */
record MatchReasons(Map<String, String> grades) {

    static final String SCORE = "match_score";
    /** The attributes, and under which name the answer tells each. */
    static final Map<String, String> ATTRIBUTES = attributes();
    private static final Set<String> GRADES = Set.of("E", "F", "D", "M");
    private static final Set<String> ROAD_TYPES = Set.of("st", "street", "ave", "avenue", "rd", "road", "dr", "drive", "blvd",
            "boulevard", "ln", "lane", "pkwy", "parkway", "ct", "court", "pl", "place", "way", "plaza", "terrace", "trail",
            "square", "circle", "highway", "route");
    private static final Set<String> DIRECTIONS = Set.of("n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east",
            "west");
    private static final Pattern UNIT = Pattern.compile("\\b(?:suite|ste|apt|apartment|unit|fl|floor)\\b\\.?\\s*(\\w+)");

    static MatchReasons of(Sent sent, Site site) {
        Map<String, String> grades = new LinkedHashMap<>();
        grades.put("bldg_name", "M");
        Street wanted = Street.of(sent.text("zi_c_street"));
        Street there = Street.of(site.street());
        grades.put("bldg_number", grade(wanted.number(), there.number()));
        grades.put("biz_type", "M");
        grades.put("zi_c_city", grade(sent.text("zi_c_city"), site.place().city()));
        grades.put("zi_c_phone", exact(Names.phone(sent.text("zi_c_phone")), Names.phone(site.phone())));
        grades.put("zi_c_country", country(sent.text("zi_c_country"), site));
        grades.put("directional", grade(wanted.direction(), there.direction()));
        grades.put("zi_c_name", name(sent.text("zi_c_name"), site.company().name()));
        grades.put("road_name", grade(wanted.name(), there.name()));
        grades.put("road_type", grade(wanted.type(), there.type()));
        grades.put("zi_c_state", grade(sent.text("zi_c_state"), site.place().state()));
        grades.put("unit", grade(wanted.unit(), there.unit()));
        grades.put("zi_c_url", exact(sent.domain(), site.company().domain()));
        grades.put("zi_c_zip", zip(sent.text("zi_c_zip"), site.zipCode()));
        return new MatchReasons(grades);
    }

    int score() {
        return (int) grades.values().stream().filter(grade -> grade.equals("E") || grade.equals("F")).count();
    }

    /** Whether the list is one of alternatives with known attributes and grades. */
    static boolean isGood(JsonNode alternatives) {
        if (!alternatives.isArray()) {
            return false;
        }
        for (JsonNode alternative : alternatives) {
            if (!alternative.isObject()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> wanted : alternative.properties()) {
                String name = wanted.getKey().toLowerCase(Locale.ROOT);
                boolean good = name.equals(SCORE) ? score(wanted.getValue()).isPresent() : ATTRIBUTES.containsKey(name)
                        && GRADES.contains(wanted.getValue().asText().toUpperCase(Locale.ROOT));
                if (!good) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether one alternative holds; no alternatives always do. What is to be alike may also be the same. */
    boolean satisfy(JsonNode alternatives) {
        if (alternatives.isEmpty()) {
            return true;
        }
        for (JsonNode alternative : alternatives) {
            boolean all = true;
            for (Map.Entry<String, JsonNode> wanted : alternative.properties()) {
                String name = wanted.getKey().toLowerCase(Locale.ROOT);
                if (name.equals(SCORE)) {
                    all &= score() >= score(wanted.getValue()).orElse(0);
                } else {
                    String grade = grades.get(name);
                    String least = wanted.getValue().asText().toUpperCase(Locale.ROOT);
                    all &= grade.equals(least) || least.equals("F") && grade.equals("E");
                }
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Integer> score(JsonNode value) {
        return value.isIntegralNumber() || value.isTextual() && value.asText().matches("\\d{1,3}")
                ? Optional.of(value.asInt()) : Optional.empty();
    }

    private static String exact(String sent, String known) {
        return sent.isEmpty() || known.isEmpty() ? "M" : sent.equals(known) ? "E" : "D";
    }

    private static String grade(String sent, String known) {
        String a = Names.plain(sent);
        String b = Names.plain(known);
        return a.isEmpty() || b.isEmpty() ? "M" : a.equals(b) ? "E"
                : a.startsWith(b) || b.startsWith(a) || isNearly(a, b) ? "F" : "D";
    }

    /** Legal forms do not count; one name that holds the other is alike. */
    private static String name(String sent, String known) {
        String a = Names.company(sent);
        String b = Names.company(known);
        if (a.isEmpty() || b.isEmpty()) {
            return "M";
        }
        return a.equals(b) ? "E" : (" " + a + " ").contains(" " + b + " ") || (" " + b + " ").contains(" " + a + " ")
                || isNearly(a, b) ? "F" : "D";
    }

    private static String country(String sent, Site site) {
        return sent.equalsIgnoreCase(site.place().countryCode()) || sent.equalsIgnoreCase("usa")
                && site.place().countryCode().equals("US") ? "E" : grade(sent, site.place().country());
    }

    /** A postal code without its extension is the same. */
    private static String zip(String sent, String known) {
        String a = sent.strip().toUpperCase(Locale.ROOT);
        return a.isEmpty() || known.isEmpty() ? "M" : a.equals(known) || known.startsWith(a + "-")
                || a.startsWith(known + "-") ? "E" : a.regionMatches(0, known, 0, 3) ? "F" : "D";
    }

    /** Whether one letter more, less or other turns one text into the other. */
    private static boolean isNearly(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 1 || Math.min(a.length(), b.length()) < 5) {
            return false;
        }
        int front = 0;
        int least = Math.min(a.length(), b.length());
        while (front < least && a.charAt(front) == b.charAt(front)) {
            front++;
        }
        int back = 0;
        while (back < least - front && a.charAt(a.length() - 1 - back) == b.charAt(b.length() - 1 - back)) {
            back++;
        }
        return front + back >= Math.max(a.length(), b.length()) - 1;
    }

    private static Map<String, String> attributes() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("bldg_name", "building_name");
        names.put("bldg_number", "building_number");
        names.put("biz_type", "business_type");
        names.put("zi_c_city", "city");
        names.put("zi_c_phone", "company_phone");
        names.put("zi_c_country", "country");
        names.put("directional", "directional");
        names.put("zi_c_name", "name");
        names.put("road_name", "road_name");
        names.put("road_type", "road_type");
        names.put("zi_c_state", "state");
        names.put("unit", "unit");
        names.put("zi_c_url", "website");
        names.put("zi_c_zip", "zip");
        return java.util.Collections.unmodifiableMap(names);
    }

    /** The parts of an address line. */
    private record Street(String number, String direction, String name, String type, String unit) {

        static Street of(String line) {
            String text = line.toLowerCase(Locale.ROOT);
            Matcher matcher = UNIT.matcher(text);
            String unit = "";
            if (matcher.find()) {
                unit = matcher.group(1);
                text = text.substring(0, matcher.start()) + text.substring(matcher.end());
            }
            String number = "";
            String direction = "";
            String type = "";
            StringBuilder name = new StringBuilder();
            for (String word : Names.plain(text).split(" ")) {
                if (number.isEmpty() && !word.isEmpty() && Character.isDigit(word.charAt(0))) {
                    number = word;
                } else if (direction.isEmpty() && DIRECTIONS.contains(word)) {
                    direction = word;
                } else if (name.length() > 0 && ROAD_TYPES.contains(word)) {
                    type = word;
                } else {
                    name.append(name.length() == 0 ? "" : " ").append(word);
                }
            }
            return new Street(number, direction, name.toString(), type, unit);
        }
    }

    /** What was sent of a company, under the names of the inputs; address and phone unpacked. */
    record Sent(Map<String, String> values, String email) {

        String text(String name) {
            return values.getOrDefault(name, "");
        }

        /** Domain of the web site, or of the e-mail address where no site was sent. */
        String domain() {
            return !text("zi_c_url").isEmpty() ? Names.domain(text("zi_c_url"))
                    : email.substring(email.indexOf('@') + 1).toLowerCase(Locale.ROOT);
        }
    }
}
