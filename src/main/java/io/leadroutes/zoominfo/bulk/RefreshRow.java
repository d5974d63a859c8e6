package io.leadroutes.zoominfo.bulk;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.zoominfo.bulk.RefreshObject.Entity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One record that is to be refreshed, by the strongest of the things it says: ZoomInfo's id, then the e-mail address or
 * web site, then the name.
 *
 * @param recordId   its id in the CRM, if known
 * @param matchedBy  the match field that decides
 * @param zoominfoId ZoomInfo's id, if the record names it
 * @param input      the match input
 */
record RefreshRow(Optional<String> recordId, String matchedBy, Optional<String> zoominfoId, Map<String, Object> input) {

    /** The columns of a CSV file, and the keys of {@link RefreshObject#columns()}. */
    static final List<String> COLUMNS = List.of("recordId", "personId", "email", "firstName", "lastName", "company",
            "companyId", "website", "name");
    private static final Pattern ID = Pattern.compile("-?[0-9]{1,18}");
    /** Neither spaces nor commas: addresses are listed, separated by commas, in a preview. */
    private static final Pattern EMAIL = Pattern.compile("[^\\s,@]{1,64}@[^\\s,@]{1,255}");
    private static final Pattern WEBSITE = Pattern.compile("[^\\s,/]{1,255}");
    private static final int TEXT_LIMIT = 300;

    /** Empty for a row that says too little to be matched. */
    static Optional<RefreshRow> of(Entity entity, Map<String, String> columns) {
        Map<String, String> row = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        columns.forEach((name, value) -> {
            if (value != null && !value.isBlank() && value.length() <= TEXT_LIMIT && value.indexOf('\0') < 0) {
                row.put(name, value.strip());
            }
        });
        Optional<String> recordId = Optional.ofNullable(row.get("recordId"));
        return entity == Entity.CONTACT ? person(recordId, row) : company(recordId, row);
    }

    private static Optional<RefreshRow> person(Optional<String> recordId, Map<String, String> row) {
        String id = row.getOrDefault("personId", "");
        if (ID.matcher(id).matches()) {
            return Optional.of(new RefreshRow(recordId, "personId", Optional.of(id), Map.of("personId", id)));
        }
        String email = row.getOrDefault("email", "");
        if (EMAIL.matcher(email).matches()) {
            return Optional.of(new RefreshRow(recordId, "emailAddress", Optional.empty(),
                    Map.of("emailAddress", email.toLowerCase(Locale.ROOT))));
        }
        if (row.containsKey("firstName") && row.containsKey("lastName") && row.containsKey("company")) {
            Map<String, Object> input = new LinkedHashMap<>();
            input.put("firstName", row.get("firstName"));
            input.put("lastName", row.get("lastName"));
            input.put("companyName", row.get("company"));
            return Optional.of(new RefreshRow(recordId, "name", Optional.empty(), input));
        }
        return Optional.empty();
    }

    private static Optional<RefreshRow> company(Optional<String> recordId, Map<String, String> row) {
        String id = row.getOrDefault("companyId", "");
        if (ID.matcher(id).matches()) {
            return Optional.of(new RefreshRow(recordId, "companyId", Optional.of(id), Map.of("companyId", id)));
        }
        String website = row.getOrDefault("website", "").toLowerCase(Locale.ROOT).replaceFirst("^https?://", "")
                .replaceFirst("/.*$", "");
        if (website.contains(".") && WEBSITE.matcher(website).matches()) {
            return Optional.of(new RefreshRow(recordId, "companyWebsite", Optional.empty(),
                    Map.of("companyWebsite", website)));
        }
        return Optional.ofNullable(row.get("name")).map(name -> new RefreshRow(recordId, "companyName",
                Optional.empty(), Map.of("companyName", name)));
    }

    String inputJson() {
        return LeadJson.write(input);
    }

    String inputKey() {
        return key(input);
    }

    /** The same for an input and for what ZoomInfo echoes of it: keys and values in lower case, in one order. */
    static String key(Map<?, ?> input) {
        Map<String, String> sorted = new TreeMap<>();
        input.forEach((name, value) -> {
            if (value != null) {
                sorted.put(name.toString().toLowerCase(Locale.ROOT), value.toString().toLowerCase(Locale.ROOT));
            }
        });
        return sorted.toString();
    }
}
