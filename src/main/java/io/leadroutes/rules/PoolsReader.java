package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.Pool.Member;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code pools.yaml}. */
final class PoolsReader extends RuleReader {

    private static final List<String> KNOWN = List.of("id", "order", "zone", "members");
    /** Keys of pools that are specified but not built: refused by name, so that nobody relies on them. */
    private static final List<String> LATER = List.of("respectHours", "caps", "returnFromAbsence", "catchUp",
            "whenAllAbsent", "whenAllCapped", "returnedLead", "manual");

    private final Map<String, Person> people;

    PoolsReader(RuleFile file, Ids ids, Map<String, Person> people) {
        super(file, ids);
        this.people = people;
    }

    Map<String, Pool> read() {
        Map<String, Pool> pools = new LinkedHashMap<>();
        top(List.of("pools")).ifPresent(top -> {
            for (Yaml item : list(top, "pools")) {
                if (item instanceof Mapping mapping) {
                    pool(mapping).ifPresent(pool -> pools.put(pool.id(), pool));
                } else {
                    object(item, KNOWN);
                }
            }
        });
        return pools;
    }

    private Optional<Pool> pool(Mapping mapping) {
        mapping.entries().forEach((key, entry) -> {
            if (LATER.contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not supported yet",
                        "everybody in a pool takes leads at any time for now", "Remove it");
            } else if (!KNOWN.contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not known here",
                        "a key that is not read would be ignored", Suggestion.of(key, KNOWN));
            }
        });
        Optional<String> id = id(mapping, "pool");
        value(mapping, "order").flatMap(this::scalar).ifPresent(order -> {
            if (order.text().equals("least-open")) {
                file.report("V06", order, "the order least-open is not supported yet",
                        "it needs the open leads of the CRM", "Write order: owed");
            } else {
                word(order, "order", List.of("owed"));
            }
        });
        Optional<ZoneId> zone = value(mapping, "zone").flatMap(this::scalar).flatMap(this::zone);
        List<Member> members = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Optional<Yaml> list = required(mapping, "members");
        list.ifPresent(given -> {
            if (given instanceof Mapping from && from.entries().containsKey("from")) {
                file.report("V02", from.entries().get("from").key(), "members from the CRM are not supported yet",
                        "members are listed", "List them: [{user: …, weight: 1}]");
                return;
            }
            for (Yaml item : list(given)) {
                object(item, List.of("user", "weight")).flatMap(member -> member(member, seen)).ifPresent(members::add);
            }
            if (given instanceof Yaml.Sequence sequence && sequence.items().isEmpty()) {
                file.report("V16", given, "the pool has no members", "it could never take a lead", "Add one");
            }
        });
        return id.map(known -> new Pool(known, Pool.Order.OWED, zone, members));
    }

    private Optional<ZoneId> zone(Scalar scalar) {
        try {
            return Optional.of(ZoneId.of(scalar.text()));
        } catch (DateTimeException e) {
            file.report("V06", scalar, "there is no time zone \"" + scalar.text() + "\"",
                    "zones are those of the IANA list", Nearest.of(scalar.text(), ZoneId.getAvailableZoneIds().stream()
                            .sorted().toList()).map(word -> "Did you mean " + word).orElse(""));
            return Optional.empty();
        }
    }

    private Optional<Member> member(Mapping mapping, Set<String> seen) {
        Optional<Scalar> user = required(mapping, "user").flatMap(this::scalar)
                .filter(given -> refers(given, "person", given.text(), people.keySet()));
        Optional<Integer> weight = value(mapping, "weight").isEmpty() ? Optional.of(1)
                : value(mapping, "weight").flatMap(given -> number(given, "a weight", 0, 1000));
        if (user.isPresent() && !seen.add(user.get().text())) {
            file.report("V03", user.get(), "the member " + user.get().text() + " is listed twice",
                    "a person has one weight in a pool", "Add the weights");
            return Optional.empty();
        }
        return user.isPresent() && weight.isPresent()
                ? Optional.of(new Member(user.get().text(), weight.get())) : Optional.empty();
    }
}
