package io.leadroutes.compliance;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.credit.AliasHash;
import io.leadroutes.secret.Secrets;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The list of those who must not be written, routed or paid for. It holds keyed hashes only; each question is answered
 * from the database, so that a suppression counts from its commit on in all replicas.
 */
@ApplicationScoped
public class Suppressions implements AliasHash {

    private final JdbcTemplate jdbc;
    private final Optional<String> configuredKey;
    private volatile KeyedHash hash;

    @Inject
    Suppressions(DataSource dataSource, ComplianceConfig config) {
        this(dataSource, Secrets.read("compliance.hash-key", config.hashKey(), config.hashKeyFile()));
    }

    /** @param key the configured key; without one a random key is made once and kept in the database */
    public Suppressions(DataSource dataSource, Optional<String> key) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.configuredKey = key;
    }

    /**
     * By what a person is known; any one of them suffices to recognise a suppressed person.
     *
     * @param personId ZoomInfo's person id
     * @param phone    a number of this person alone, not of a company: it is compared by its last ten digits
     */
    public record Identity(Optional<String> personId, Optional<String> email, Optional<String> phone) {

        public static Identity ofPerson(String personId) {
            return new Identity(Optional.of(personId), Optional.empty(), Optional.empty());
        }
    }

    /** Refuses to start with another key than the one that the stored hashes were made with. */
    void onStart(@Observes StartupEvent started) {
        hash();
    }

    /** Those of the person ids that are suppressed, as they were given. */
    public Set<String> suppressedPersons(Collection<String> personIds) {
        return suppressed(personIds, Identity::ofPerson);
    }

    public boolean isSuppressed(Identity identity) {
        return !suppressed(List.of(identity), one -> one).isEmpty();
    }

    /** Those of the subjects that are suppressed, in one question, in their order. */
    <T> Set<T> suppressed(Collection<T> subjects, Function<T, Identity> identity) {
        return suppressed(subjects, identity, "select hash from suppression where hash = any (?)");
    }

    private <T> Set<T> suppressed(Collection<T> subjects, Function<T, Identity> identity, String question) {
        Map<T, List<String>> hashes = new LinkedHashMap<>();
        Set<String> all = new HashSet<>();
        for (T subject : subjects) {
            List<String> own = hashes(identity.apply(subject)).stream().map(Hashed::hash).toList();
            hashes.put(subject, own);
            all.addAll(own);
        }
        if (all.isEmpty()) {
            return Set.of();
        }
        // A hash is made over its kind, too: it cannot stand under another one.
        Set<String> known = Set.copyOf(jdbc.queryForList(question, String.class,
                (Object) all.toArray(String[]::new)));
        Set<T> suppressed = new LinkedHashSet<>();
        hashes.forEach((subject, own) -> {
            if (own.stream().anyMatch(known::contains)) {
                suppressed.add(subject);
            }
        });
        return suppressed;
    }

    /**
     * Suppresses a person, joining a running transaction. What is suppressed already stays as it was first entered, but
     * for an erasure, which counts more than an opt-out.
     *
     * @param source who says so: {@code enrich}, {@code compliance}, {@code webhook}, {@code bulk}, {@code erasure}, …
     * @param reason in words, without personal data
     * @param flags  anything else that is worth keeping, without personal data
     * @throws IllegalArgumentException if the identity holds no identifier that can be read
     */
    @Transactional
    public void suppress(Identity identity, String source, String reason, Map<String, Object> flags) {
        List<Hashed> hashes = hashes(identity);
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("a suppression needs a person id, an e-mail or a phone number");
        }
        jdbc.update("""
                insert into suppression (kind, hash, subject, source, reason, flags)
                select v.kind, v.hash, coalesce((select subject from suppression where hash = any (?) limit 1), ?),
                       ?, ?, ?::jsonb
                from unnest(?::text[], ?::text[]) as v (kind, hash)
                order by v.kind, v.hash
                on conflict (kind, hash) do update set source = excluded.source, reason = excluded.reason
                where excluded.source = 'erasure' and suppression.source <> 'erasure'""",
                hashes.stream().map(Hashed::hash).toArray(String[]::new), UUID.randomUUID(), source, reason,
                LeadJson.write(flags), hashes.stream().map(Hashed::kind).toArray(String[]::new),
                hashes.stream().map(Hashed::hash).toArray(String[]::new));
    }

    /** Those of the subjects whose data was erased: they are not kept when they come again. */
    <T> Set<T> erased(Collection<T> subjects, Function<T, Identity> identity) {
        return suppressed(subjects, identity, "select hash from suppression where hash = any (?) and source = 'erasure'");
    }

    /** Kind and hash of the suppression of an identity with one identifier, if it is suppressed. */
    Optional<String> entry(Identity identity) {
        return hashes(identity).stream().findFirst().filter(one -> isSuppressed(identity))
                .map(one -> one.kind() + " " + one.hash());
    }

    /** Kind and keyed hash of each identifier, as evidence. */
    List<Map<String, String>> evidence(Identity identity) {
        return hashes(identity).stream().map(one -> Map.of("kind", one.kind(), "hash", one.hash())).toList();
    }

    /** An identifier as one that tells nothing, the same every time. */
    String pseudonym(String identifier) {
        return hash().of("pseudonym", identifier).substring(0, 32);
    }

    /** Identifiers on the list. */
    long count() {
        return jdbc.queryForObject("select count(*) from suppression", Long.class);
    }

    @Override
    public String of(String kind, String identifier) {
        return hash().of(kind, identifier);
    }

    private record Hashed(String kind, String hash) {
    }

    private List<Hashed> hashes(Identity identity) {
        List<Hashed> hashes = new ArrayList<>();
        identity.personId().map(Identifiers::person).filter(id -> !id.isEmpty())
                .ifPresent(id -> hashes.add(hashed("person", id)));
        identity.email().map(Identifiers::email).filter(mail -> !mail.isEmpty())
                .ifPresent(mail -> hashes.add(hashed("email", mail)));
        identity.phone().map(Identifiers::phone).filter(phone -> !phone.isEmpty())
                .ifPresent(phone -> hashes.add(hashed("phone", phone)));
        return hashes;
    }

    private Hashed hashed(String kind, String identifier) {
        return new Hashed(kind, hash().of(kind, identifier));
    }

    private KeyedHash hash() {
        KeyedHash known = hash;
        if (known == null) {
            known = KeyedHash.open(jdbc, configuredKey);
            hash = known;
        }
        return known;
    }
}
