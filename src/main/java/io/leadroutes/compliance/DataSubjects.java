package io.leadroutes.compliance;

import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.PersonalData;
import io.leadroutes.lead.PersonalData.Held;
import io.leadroutes.lead.PersonalData.Person;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Requests of data subjects: where data of a person is held, and its erasure everywhere. */
@ApplicationScoped
public class DataSubjects {

    /** Identifiers found in one store are looked for in the others; three rounds reach what one record links. */
    private static final int ROUNDS = 3;

    private final List<PersonalData> stores;
    private final Suppressions suppressions;
    private final JdbcTemplate jdbc;

    @Inject
    DataSubjects(@All List<PersonalData> stores, Suppressions suppressions, DataSource dataSource) {
        this.stores = List.copyOf(stores);
        this.suppressions = suppressions;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * By what a person is asked for; at least one of e-mail, person id and phone, or the whole name with the company.
     */
    public record Request(Optional<String> email, Optional<String> personId, Optional<String> phone,
            Optional<String> firstName, Optional<String> lastName, Optional<String> company) {

        private Person person() {
            return new Person(set(personId), set(email), phone.map(Identifiers::phone).filter(digits -> !digits.isEmpty())
                    .map(Set::of).orElse(Set.of()), name(), Set.of(), Set.of());
        }

        private static Set<String> set(Optional<String> value) {
            return value.map(String::strip).filter(text -> !text.isEmpty()).map(Set::of).orElse(Set.of());
        }

        private Set<String> name() {
            return firstName.isPresent() && lastName.isPresent() && company.isPresent()
                    ? Set.of(String.join("|", firstName.get().strip(), lastName.get().strip(), company.get().strip())
                            .toLowerCase(Locale.ROOT)) : Set.of();
        }

        /** False when it names nothing that a person could be found by. */
        public boolean isUsable() {
            Person person = person();
            return !(person.personIds().isEmpty() && person.emails().isEmpty() && person.phones().isEmpty()
                    && person.names().isEmpty());
        }
    }

    /**
     * Where data of a person is held.
     *
     * @param personIds that were found to be the same person's, as were the e-mail addresses
     */
    public record Places(Set<String> personIds, Set<String> emails, List<Held> places) {
    }

    /** An erasure: its evidence, how many entries it changed, and what lies outside of our reach. */
    public record Erased(UUID erasureId, Map<String, Integer> erased, List<Held> elsewhere) {
    }

    /** A request that cannot be fulfilled as it is; the message says why and names no value. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** Every place in which data of the person is held. */
    public Places search(Request request) {
        Person person = known(request.person());
        List<Held> held = new ArrayList<>();
        stores.forEach(store -> held.addAll(store.find(person)));
        return new Places(person.personIds(), person.emails(), List.copyOf(held));
    }

    private Person known(Person asked) {
        Person person = asked;
        for (int round = 0; round < ROUNDS; round++) {
            for (PersonalData store : stores) {
                person = store.known(person);
            }
        }
        return person;
    }

    /**
     * Erases all data of the person in one transaction, suppresses the person and keeps a keyed hash, the time and the
     * reason as evidence.
     *
     * @throws Refused when phone or name meet several persons, or the reason holds an identifier of the person
     */
    @Transactional
    public Erased erase(Request request, String reason) {
        Person person = known(request.person());
        boolean named = request.email().isPresent() || request.personId().isPresent();
        if (!named && (person.emails().size() > 1 || person.personIds().size() > 1)) {
            throw new Refused("Several persons are meant by this; say which one by e-mail or person id.");
        }
        if (mentions(reason, person, request)) {
            throw new Refused("The reason must not hold data of the person: it is kept as evidence.");
        }
        List<Held> elsewhere = new ArrayList<>();
        Set<String> ours = new java.util.HashSet<>();
        stores.forEach(store -> ours.addAll(store.tables()));
        stores.forEach(store -> store.find(person).stream().filter(held -> !ours.contains(held.store()))
                .forEach(elsewhere::add));
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (PersonalData store : stores) {
            int erased = store.erase(person, suppressions::pseudonym);
            counts.put(String.join(", ", store.tables().stream().sorted().toList()), erased);
        }
        UUID id = UUID.randomUUID();
        jdbc.update("insert into erasure (id, reason, hashes, counts) values (?, ?, ?::jsonb, ?::jsonb)", id, reason,
                LeadJson.write(suppress(person, reason)), LeadJson.write(counts));
        return new Erased(id, counts, List.copyOf(elsewhere));
    }

    private List<Map<String, String>> suppress(Person person, String reason) {
        List<Map<String, String>> evidence = new ArrayList<>();
        List<Identity> identities = new ArrayList<>();
        person.personIds().forEach(id -> identities.add(Identity.ofPerson(id)));
        person.emails().forEach(email -> identities.add(new Identity(Optional.empty(), Optional.of(email),
                Optional.empty())));
        person.phones().forEach(phone -> identities.add(new Identity(Optional.empty(), Optional.empty(),
                Optional.of(phone))));
        for (Identity identity : identities) {
            suppressions.suppress(identity, "erasure", reason, Map.of());
            evidence.addAll(suppressions.evidence(identity));
        }
        return evidence;
    }

    private static boolean mentions(String reason, Person person, Request request) {
        String text = reason.toLowerCase(Locale.ROOT);
        String digits = reason.replaceAll("\\D", "");
        return person.emails().stream().anyMatch(text::contains) || person.personIds().stream().anyMatch(text::contains)
                || person.phones().stream().anyMatch(digits::contains)
                || request.lastName().map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty())
                        .filter(text::contains).isPresent();
    }
}
