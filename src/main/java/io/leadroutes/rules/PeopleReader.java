package io.leadroutes.rules;

import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code people.yaml}: people and queues. */
final class PeopleReader extends RuleReader {

    private final Map<String, Person> people = new LinkedHashMap<>();
    private final Map<String, Queue> queues = new LinkedHashMap<>();

    PeopleReader(RuleFile file, Ids ids) {
        super(file, ids);
    }

    Map<String, Person> people() {
        return people;
    }

    Map<String, Queue> queues() {
        return queues;
    }

    void read() {
        Optional<Mapping> top = top(List.of("people", "queues"));
        if (top.isEmpty()) {
            return;
        }
        for (Yaml item : list(top.get(), "people")) {
            object(item, List.of("id", "name", "ownerId", "active", "always")).ifPresent(person -> {
                Optional<String> id = id(person, "person");
                Optional<String> name = text(person, "name");
                Optional<String> owner = owner(person);
                boolean active = bool(person, "active", true);
                boolean always = bool(person, "always", false);
                if (id.isPresent()) {
                    people.put(id.get(), new Person(id.get(), name.orElse(""), owner.orElse(""), active, always));
                }
            });
        }
        for (Yaml item : list(top.get(), "queues")) {
            object(item, List.of("id", "name", "ownerId")).ifPresent(queue -> {
                Optional<String> id = id(queue, "queue");
                Optional<String> name = text(queue, "name");
                Optional<String> owner = owner(queue);
                if (id.isPresent()) {
                    queues.put(id.get(), new Queue(id.get(), name.orElse(""), owner.orElse("")));
                }
            });
        }
    }

    private Optional<String> owner(Mapping mapping) {
        return text(mapping, "ownerId").filter(owner -> {
            boolean plain = owner.matches("[A-Za-z0-9_.:-]{1,80}");
            if (!plain) {
                Scalar at = (Scalar) value(mapping, "ownerId").orElseThrow();
                file.report("V05", at, "\"" + owner + "\" is not an id of the CRM",
                        "it is written to the owner field as it is", "Copy the id of the user or queue");
            }
            return plain;
        });
    }
}
