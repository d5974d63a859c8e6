package io.leadroutes.sandbox.zoominfo.profile;

import io.leadroutes.sandbox.world.JobFunction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Departments and job functions under the ids and names that the lookups give (collected facts §7.2). */
public final class Departments {

    /** Names by id, the id being the position; profiles write the sixth in full. */
    public static final List<String> NAMES = List.of("C-Suite", "Finance", "Human Resources", "Sales", "Operations", "IT",
            "Engineering & Technical", "Marketing", "Legal", "Medical & Health", "Other");
    private static final String IT_IN_PROFILES = "Information Technology";

    private Departments() {
    }

    /** The name as profiles write it, from an id or a name in any case; empty if there is no such department. */
    public static Optional<String> named(String idOrName) {
        String wanted = idOrName.strip();
        for (int id = 0; id < NAMES.size(); id++) {
            String name = NAMES.get(id);
            String inProfiles = name.equals("IT") ? IT_IN_PROFILES : name;
            if (wanted.equals(Integer.toString(id)) || wanted.equalsIgnoreCase(name) || wanted.equalsIgnoreCase(inProfiles)) {
                return Optional.of(inProfiles);
            }
        }
        return Optional.empty();
    }

    /** Names of the job functions by their ids: number of the department, a dot, number within it. */
    public static Map<String, String> functions() {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (JobFunction function : JobFunction.all()) {
            int within = counts.merge(function.department(), 1, Integer::sum);
            names.put(departmentId(function) + "." + within, function.name());
        }
        return names;
    }

    /** The name in lower case of a job function given by id or by name. */
    public static String functionName(String idOrName) {
        return functions().getOrDefault(idOrName.strip(), idOrName.strip()).toLowerCase(Locale.ROOT);
    }

    private static int departmentId(JobFunction function) {
        int at = NAMES.indexOf(function.department());
        return at >= 0 ? at : NAMES.indexOf("IT");
    }
}
