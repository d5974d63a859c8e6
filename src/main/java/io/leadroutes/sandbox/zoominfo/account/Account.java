package io.leadroutes.sandbox.zoominfo.account;

import io.leadroutes.sandbox.control.SandboxTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the account has used up in its contract term. A person or company that is enriched costs one credit (unique id) and then
 * stays under management: for 12 months it can be enriched again without a further credit. For one thread.
 */
public final class Account {

    private static final int MONTHS_MANAGED = 12;

    /** @param until when the id leaves management again */
    private record Charge(int times, Instant until) {
    }

    private final SandboxTime time;
    private final Map<Long, Charge> persons = new HashMap<>();
    private final Map<Long, Charge> companies = new HashMap<>();
    private long requests;
    private long records;
    private long credits;
    private long foreignCredits;
    private long webSightsRequests;
    private long webSightsRecords;
    private int mostOnePerson;
    private int mostOneCompany;

    public Account(SandboxTime time) {
        this.time = time;
    }

    public void request() {
        requests++;
    }

    /** Somebody else who shares the account used this much of the contract term. */
    public void foreign(long foreignRequests, long foreignRecords, long uniqueIds) {
        requests += foreignRequests;
        records += foreignRecords;
        foreignCredits += uniqueIds;
    }

    public void webSightsRequest() {
        webSightsRequests++;
    }

    public void webSightsRecord() {
        webSightsRecords++;
    }

    public long webSightsRequests() {
        return webSightsRequests;
    }

    public long webSightsRecords() {
        return webSightsRecords;
    }

    public void record() {
        records++;
    }

    public boolean personIsManaged(long id) {
        return isManaged(persons.get(id));
    }

    public boolean companyIsManaged(long id) {
        return isManaged(companies.get(id));
    }

    /** Those under management now, in no order. */
    public List<Long> managedPersons() {
        return persons.keySet().stream().filter(this::personIsManaged).toList();
    }

    /** Those under management now, in no order. */
    public List<Long> managedCompanies() {
        return companies.keySet().stream().filter(this::companyIsManaged).toList();
    }

    public void chargePerson(long id) {
        mostOnePerson = Math.max(mostOnePerson, charge(persons, id));
    }

    public void chargeCompany(long id) {
        mostOneCompany = Math.max(mostOneCompany, charge(companies, id));
    }

    public long requests() {
        return requests;
    }

    public long records() {
        return records;
    }

    /** Credits used of the contract term, those of others included. */
    public long credits() {
        return credits + foreignCredits;
    }

    /** Credits charged for calls that came in here; the same id counts again when it is charged again after 12 months. */
    public long charged() {
        return credits;
    }

    public int personsCharged() {
        return persons.size();
    }

    public int companiesCharged() {
        return companies.size();
    }

    /** How often the most charged person was charged. */
    public int mostChargesOfOnePerson() {
        return mostOnePerson;
    }

    public int mostChargesOfOneCompany() {
        return mostOneCompany;
    }

    public void reset() {
        persons.clear();
        companies.clear();
        requests = 0;
        records = 0;
        credits = 0;
        foreignCredits = 0;
        webSightsRequests = 0;
        webSightsRecords = 0;
        mostOnePerson = 0;
        mostOneCompany = 0;
    }

    private boolean isManaged(Charge charge) {
        return charge != null && time.now().isBefore(charge.until());
    }

    private int charge(Map<Long, Charge> charges, long id) {
        credits++;
        Instant until = time.now().atZone(ZoneOffset.UTC).plusMonths(MONTHS_MANAGED).toInstant();
        return charges.merge(id, new Charge(1, until), (old, one) -> new Charge(old.times() + 1, one.until())).times();
    }
}
