package io.leadroutes.sandbox.zoominfo.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.control.SettingException;
import io.leadroutes.sandbox.world.Changes.CompanyChange;
import io.leadroutes.sandbox.world.Changes.PersonChange;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Account;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Changes the world, as asked for or by chance, and tells what has changed of those that the account watches. */
final class WorldChanges {

    /** What has changed of one record: a person or a company. */
    record Change(Optional<Person> person, Optional<Company> company, List<String> attributes, boolean watched) {

        String objectType() {
            return person.isPresent() ? Records.CONTACT : Records.COMPANY;
        }

        String id() {
            return Long.toString(person.map(Person::id).orElseGet(() -> company.orElseThrow().id()));
        }
    }

    private static final int MOST_AT_ONCE = 100_000;
    private static final Map<String, PersonChange> OF_PERSON = Map.of("promoted", PersonChange.PROMOTED, "moved",
            PersonChange.MOVED, "opted-out", PersonChange.OPTED_OUT);
    private static final Map<String, CompanyChange> OF_COMPANY = Map.of("renamed", CompanyChange.RENAMED, "grew",
            CompanyChange.GREW);
    private static final Set<String> KEYS = Set.of("personId", "companyId", "change", "count");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final World world;
    private final Account account;
    private final SandboxTime time;
    private final long seed;
    private final Records records;
    private SplittableRandom chance;
    private long made;

    WorldChanges(World world, Account account, SandboxTime time, long seed, Records records) {
        this.world = world;
        this.account = account;
        this.time = time;
        this.seed = seed;
        this.records = records;
        this.chance = new SplittableRandom(seed);
    }

    /** Makes the changes of one request, all or none; throws SettingException on what cannot be understood. */
    List<Change> asked(JsonNode request) {
        List<Runnable> prepared = new ArrayList<>();
        List<Change> done = new ArrayList<>();
        (request.isArray() ? request : JSON.createArrayNode().add(request)).forEach(each -> prepare(each, prepared, done));
        prepared.forEach(Runnable::run);
        return done;
    }

    /** One change by chance to one who is watched; none if nobody is. */
    List<Change> byChance() {
        List<Change> done = new ArrayList<>();
        List<Long> persons = watchedPersons();
        List<Long> companies = account.managedCompanies();
        int total = persons.size() + companies.size();
        if (total == 0) {
            return done;
        }
        if (chance.nextInt(total) < persons.size()) {
            int draw = chance.nextInt(10);
            change(person(persons.get(chance.nextInt(persons.size()))),
                    draw == 0 ? PersonChange.OPTED_OUT : draw < 6 ? PersonChange.MOVED : PersonChange.PROMOTED, done);
        } else {
            change(company(companies.get(chance.nextInt(companies.size()))),
                    chance.nextInt(4) == 0 ? CompanyChange.RENAMED : CompanyChange.GREW, done);
        }
        return done;
    }

    private void prepare(JsonNode request, List<Runnable> prepared, List<Change> done) {
        Set<String> unknown = new LinkedHashSet<>();
        request.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KEYS);
        if (!request.isObject() || !unknown.isEmpty()) {
            throw new SettingException("a change has personId or companyId (or neither), change, and perhaps count"
                    + (unknown.isEmpty() ? "" : "; not " + unknown));
        }
        String kind = request.path("change").asText();
        PersonChange ofPerson = OF_PERSON.get(kind);
        CompanyChange ofCompany = OF_COMPANY.get(kind);
        if (ofPerson == null && ofCompany == null || ofPerson != null && request.has("companyId")
                || ofCompany != null && request.has("personId")) {
            throw new SettingException("change is promoted, moved or opted-out for a person, renamed or grew for a company, "
                    + "not '" + kind + "'");
        }
        long id = request.path(ofPerson != null ? "personId" : "companyId").asLong(0);
        long count = request.path("count").asLong(1);
        if (count < 1 || count > MOST_AT_ONCE || id != 0 && request.has("count")) {
            throw new SettingException("count is 1 to " + MOST_AT_ONCE + ", and only without an id");
        }
        if (id != 0) {
            if (ofPerson != null) {
                Person person = person(id);
                prepared.add(() -> change(person, ofPerson, done));
            } else {
                Company company = company(id);
                prepared.add(() -> change(company, ofCompany, done));
            }
            return;
        }
        List<Long> watched = new ArrayList<>(ofPerson != null ? watchedPersons() : account.managedCompanies());
        if (watched.isEmpty()) {
            throw new SettingException("nobody is watched yet: enrich a " + (ofPerson != null ? "person" : "company")
                    + " first, or name one");
        }
        watched.sort(null);
        prepared.add(() -> {
            for (long i = 0; i < count; i++) {
                // Everybody once before anybody twice.
                if (i % watched.size() == 0) {
                    shuffle(watched);
                }
                long next = watched.get((int) (i % watched.size()));
                if (ofPerson != null) {
                    change(person(next), ofPerson, done);
                } else {
                    change(company(next), ofCompany, done);
                }
            }
        });
    }

    private void shuffle(List<Long> ids) {
        for (int i = ids.size() - 1; i > 0; i--) {
            java.util.Collections.swap(ids, i, chance.nextInt(i + 1));
        }
    }

    private List<Long> watchedPersons() {
        return account.managedPersons().stream().filter(id -> !person(id).optedOut()).toList();
    }

    private void change(Person person, PersonChange kind, List<Change> done) {
        Map<String, JsonNode> before = records.state(person);
        if (!world.changes().change(person, kind, now())) {
            return;
        }
        made++;
        List<String> attributes = kind == PersonChange.OPTED_OUT ? List.of(Records.OPT_OUT)
                : records.changed(before, records.state(person));
        done.add(new Change(Optional.of(person), Optional.empty(), attributes, account.personIsManaged(person.id())));
    }

    private void change(Company company, CompanyChange kind, List<Change> done) {
        Map<String, JsonNode> before = records.state(company);
        world.changes().change(company, kind, now());
        made++;
        done.add(new Change(Optional.empty(), Optional.of(company), records.changed(before, records.state(company)),
                account.companyIsManaged(company.id())));
    }

    private LocalDateTime now() {
        return LocalDateTime.ofInstant(time.now(), ZoneOffset.UTC);
    }

    private Person person(long id) {
        return world.personById(id).orElseThrow(() -> new SettingException("there is no person " + id));
    }

    private Company company(long id) {
        return world.companyById(id).orElseThrow(() -> new SettingException("there is no company " + id));
    }

    /** What a client is told of the changes it asked for. */
    static ObjectNode told(List<Change> changes, List<Long> deliveries) {
        ObjectNode told = JSON.createObjectNode();
        ArrayNode list = told.putArray("changed");
        for (Change change : changes) {
            ObjectNode each = list.addObject().put(change.person().isPresent() ? "personId" : "companyId",
                    Long.parseLong(change.id())).put("watched", change.watched());
            change.attributes().forEach(each.putArray("changedAttributes")::add);
        }
        deliveries.forEach(told.putArray("deliveries")::add);
        return told;
    }

    long made() {
        return made;
    }

    void reset() {
        world.changes().undo();
        chance = new SplittableRandom(seed);
        made = 0;
    }
}
