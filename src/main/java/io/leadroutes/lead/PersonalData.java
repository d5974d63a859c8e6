package io.leadroutes.lead;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A store that may hold data of a person; each stands next to the code that owns its tables. A request of a data
 * subject goes through all of them: every table is either named by one, or listed in a test as holding no such data.
 */
public interface PersonalData {

    /** The database tables this store answers for. */
    Set<String> tables();

    /** What is held of the person. */
    List<Held> find(Person person);

    /** Further identifiers of the same person that this store knows; joined with what was known before. */
    default Person known(Person person) {
        return person;
    }

    /**
     * Erases what is held of the person, joining a running transaction.
     *
     * @param pseudonym turns an identifier that a table needs as a key into one that tells nothing
     * @return how many entries were changed
     */
    int erase(Person person, UnaryOperator<String> pseudonym);

    /**
     * One entry with data of a person.
     *
     * @param store  name of the table, or of the system outside
     * @param key    of the entry
     * @param fields names of the fields that hold something; no values
     */
    record Held(String store, String key, List<String> fields) {
    }

    /** A record of a source system. */
    record SourceRecord(String source, String recordId) {
    }

    /**
     * By what a person is looked for.
     *
     * @param personIds ZoomInfo's ids
     * @param emails    in lower case
     * @param phones    the last ten digits of each
     * @param names     {@code first name, last name and company} in lower case, joined by single bars
     * @param ids       of lead events and of other work
     */
    record Person(Set<String> personIds, Set<String> emails, Set<String> phones, Set<String> names, Set<UUID> ids,
            Set<SourceRecord> records) {

        public Person {
            personIds = Set.copyOf(personIds);
            emails = emails.stream().map(email -> email.strip().toLowerCase(Locale.ROOT))
                    .filter(email -> !email.isEmpty()).collect(Collectors.toUnmodifiableSet());
            phones = Set.copyOf(phones);
            names = Set.copyOf(names);
            ids = Set.copyOf(ids);
            records = Set.copyOf(records);
        }

        /** This person with more identifiers. */
        public Person and(Collection<String> morePersonIds, Collection<String> moreEmails, Collection<UUID> moreIds,
                Collection<SourceRecord> moreRecords) {
            return new Person(union(personIds, morePersonIds), union(emails, moreEmails), phones, names,
                    union(ids, moreIds), union(records, moreRecords));
        }

        private static <T> Set<T> union(Set<T> some, Collection<T> more) {
            Set<T> all = new HashSet<>(some);
            all.addAll(more);
            return all;
        }

        public String[] personIdArray() {
            return personIds.toArray(String[]::new);
        }

        public String[] phoneArray() {
            return phones.toArray(String[]::new);
        }

        public String[] nameArray() {
            return names.toArray(String[]::new);
        }

        public UUID[] idArray() {
            return ids.toArray(UUID[]::new);
        }

        /**
         * A regular expression of PostgreSQL for the e-mail addresses, for comparison without regard to case, that meets
         * no longer address; without an address one that meets nothing.
         */
        public String emailPattern() {
            return pattern(emails.stream()
                    .map(email -> "(?<![a-z0-9._%+-])" + literal(email) + "(?![a-z0-9-]|\\.[a-z0-9])"));
        }

        /** The same for addresses and for members of JSON that hold the person id. */
        public String textPattern() {
            return pattern(Stream.concat(emails.stream()
                    .map(email -> "(?<![a-z0-9._%+-])" + literal(email) + "(?![a-z0-9-]|\\.[a-z0-9])"),
                    personIds.stream().map(id -> "\"(id|person_?id|zoominfo_?id)\"\\s*:\\s*\"?" + literal(id)
                            + "(?![a-z0-9.])")));
        }

        private static String pattern(Stream<String> alternatives) {
            String joined = alternatives.collect(Collectors.joining("|"));
            return joined.isEmpty() ? "(?!)" : joined;
        }

        private static String literal(String text) {
            return text.replaceAll("[^A-Za-z0-9@ ]", "\\\\$0");
        }
    }
}
