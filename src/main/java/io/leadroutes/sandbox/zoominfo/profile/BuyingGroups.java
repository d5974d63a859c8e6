package io.leadroutes.sandbox.zoominfo.profile;

import io.leadroutes.sandbox.world.JobFunction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Who usually decides on a purchase of a kind; the groups are the sandbox's own. */
public final class BuyingGroups {

    private record Group(String name, Predicate<JobFunction> members) {
    }

    private static final Map<String, Group> BY_ID = groups();

    private BuyingGroups() {
    }

    /** Names by id, as the lookup tells them. */
    public static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        BY_ID.forEach((id, group) -> names.put(id, group.name()));
        return names;
    }

    /** The functions of a group given by id or by name in any case; empty if there is no such group. */
    public static Optional<Predicate<JobFunction>> members(String idOrName) {
        return BY_ID.entrySet().stream().filter(entry -> entry.getKey().equals(idOrName.strip())
                || entry.getValue().name().equalsIgnoreCase(idOrName.strip())).map(entry -> entry.getValue().members())
                .findFirst();
    }

    private static Map<String, Group> groups() {
        Map<String, Group> groups = new LinkedHashMap<>();
        groups.put("1", new Group("Sales Technology", in("Sales")));
        groups.put("2", new Group("Marketing Technology", in("Marketing")));
        groups.put("3", new Group("Human Resources Technology", in("Human Resources")));
        groups.put("4", new Group("Finance Technology", in("Finance")));
        groups.put("5", new Group("Cyber Security", function -> function.name().equals("Information Security")));
        groups.put("6", new Group("Cloud and Infrastructure", function -> function.name().equals("Infrastructure")
                || function.name().equals("IT")));
        return groups;
    }

    private static Predicate<JobFunction> in(String department) {
        return function -> function.department().equals(department);
    }
}
