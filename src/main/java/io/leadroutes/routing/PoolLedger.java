package io.leadroutes.routing;

import io.leadroutes.routing.PoolEvent.Excluded;
import io.leadroutes.routing.PoolEvent.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many leads a pool owes each member: weighted round robin in exact rational numbers
 * (routing specification §4.2). What all members are owed sums to 0 after every event.
 *
 * <p>Used by one transaction at a time, under the lock of the pool's row.
 */
final class PoolLedger {

    /** A denominator above this is rebased, so that numbers stay small however often weights change. */
    static final BigInteger LARGEST_DENOMINATOR = BigInteger.TEN.pow(18);

    /** A member as the rules list him. */
    record Listed(String user, int weight) {
    }

    private record Account(int weight, BigInteger numerator) {
    }

    /** An assignment, what the eligible members were owed at the pick, and the events it made. */
    record Pick(String user, long seq, Map<String, Owed> owed, List<PoolEvent> events) {
    }

    private final String pool;
    private final SortedMap<String, Account> accounts = new TreeMap<>();
    private BigInteger denominator;
    private long seq;

    PoolLedger(String pool) {
        this(pool, 0, BigInteger.ONE);
    }

    PoolLedger(String pool, long seq, BigInteger denominator) {
        this.pool = pool;
        this.seq = seq;
        this.denominator = denominator;
    }

    /** Puts back a member as stored. */
    void restore(String user, int weight, BigInteger numerator) {
        accounts.put(user, new Account(weight, numerator));
    }

    String pool() {
        return pool;
    }

    long seq() {
        return seq;
    }

    BigInteger denominator() {
        return denominator;
    }

    /** The users who are members now, in the order of their ids. */
    Collection<String> users() {
        return accounts.keySet();
    }

    int weight(String user) {
        return accounts.get(user).weight();
    }

    BigInteger numerator(String user) {
        return accounts.get(user).numerator();
    }

    Owed owed(String user) {
        return new Owed(numerator(user), denominator);
    }

    /**
     * Makes the members those of the rules: changed weights first, then those who left (what they were owed goes to
     * the others in proportion to weight), then those who joined (owed nothing).
     */
    List<PoolEvent> follow(List<Listed> listed) {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        listed.forEach(member -> wanted.put(member.user(), member.weight()));
        List<PoolEvent> events = new ArrayList<>();
        wanted.forEach((user, weight) -> {
            if (accounts.containsKey(user) && weight(user) != weight) {
                events.add(reweigh(user, weight));
            }
        });
        List<String> order = new ArrayList<>(wanted.keySet());
        order.retainAll(accounts.keySet());
        for (String user : List.copyOf(accounts.keySet())) {
            if (!wanted.containsKey(user)) {
                events.addAll(leave(user, order));
            }
        }
        wanted.forEach((user, weight) -> {
            if (!accounts.containsKey(user)) {
                events.add(join(user, weight));
            }
        });
        return events;
    }

    PoolEvent join(String user, int weight) {
        accounts.put(user, new Account(weight, BigInteger.ZERO));
        return event(Kind.JOIN, Optional.of(user), Optional.of(weight), List.of(), List.of(), Map.of(),
                Map.of(user, Owed.NOTHING));
    }

    PoolEvent reweigh(String user, int weight) {
        Map<String, Owed> owed = Map.of(user, owed(user));
        accounts.put(user, new Account(weight, numerator(user)));
        return event(Kind.WEIGHT, Optional.of(user), Optional.of(weight), List.of(), List.of(), owed, owed);
    }

    /**
     * Gives what the leaver is owed to those who stay, in proportion to weight (equally if all are paused).
     *
     * @param order list order of those who stay first; further members follow by id
     */
    List<PoolEvent> leave(String user, List<String> order) {
        List<String> staying = new ArrayList<>(order);
        accounts.keySet().stream().filter(other -> !staying.contains(other)).forEach(staying::add);
        staying.remove(user);
        List<PoolEvent> events = new ArrayList<>();
        if (staying.isEmpty()) {
            Map<String, Owed> before = Map.of(user, owed(user));
            accounts.remove(user);
            events.add(event(Kind.LEAVE, Optional.of(user), Optional.empty(), staying, List.of(), before, Map.of()));
            return events;
        }
        boolean paused = staying.stream().allMatch(other -> weight(other) == 0);
        BigInteger sum = paused ? BigInteger.valueOf(staying.size()) : sumOfWeights(staying);
        BigInteger factor = sum.divide(numerator(user).gcd(sum));
        if (denominator.multiply(factor).compareTo(LARGEST_DENOMINATOR) <= 0) {
            rescale(denominator.multiply(factor));
        } else {
            List<String> all = new ArrayList<>(staying);
            all.add(user);
            events.add(rebase(sum, all));
        }
        Map<String, Owed> before = owed(staying);
        before.put(user, owed(user));
        BigInteger given = numerator(user);
        BigInteger rest = given;
        for (String other : staying) {
            BigInteger share = floor(given.multiply(paused ? BigInteger.ONE : BigInteger.valueOf(weight(other))), sum);
            add(other, share);
            rest = rest.subtract(share);
        }
        handOut(rest, staying);
        accounts.remove(user);
        events.add(event(Kind.LEAVE, Optional.of(user), Optional.empty(), staying, List.of(), before, owed(staying)));
        return events;
    }

    /**
     * Owes every eligible member his share of one more lead and gives it to the one who is owed most; the first in the
     * list among equals.
     *
     * @param eligible in list order, each a member with a weight above 0
     * @throws IllegalArgumentException if nobody is eligible
     */
    Pick assign(List<String> eligible, List<Excluded> excluded) {
        if (eligible.isEmpty()) {
            throw new IllegalArgumentException("nobody in pool " + pool + " can take a lead");
        }
        List<PoolEvent> events = new ArrayList<>();
        BigInteger sum = sumOfWeights(eligible);
        BigInteger common = denominator.divide(denominator.gcd(sum)).multiply(sum);
        if (common.compareTo(LARGEST_DENOMINATOR) <= 0) {
            rescale(common);
        } else {
            List<String> all = new ArrayList<>(eligible);
            accounts.keySet().stream().filter(user -> !all.contains(user)).forEach(all::add);
            events.add(rebase(sum, all));
        }
        Map<String, Owed> before = owed(eligible);
        BigInteger unit = denominator.divide(sum);
        String picked = eligible.get(0);
        for (String user : eligible) {
            add(user, unit.multiply(BigInteger.valueOf(weight(user))));
            if (numerator(user).compareTo(numerator(picked)) > 0) {
                picked = user;
            }
        }
        Map<String, Owed> atPick = owed(eligible);
        add(picked, denominator.negate());
        PoolEvent assigned = event(Kind.ASSIGN, Optional.of(picked), Optional.empty(), eligible, excluded, before,
                owed(eligible));
        events.add(assigned);
        return new Pick(picked, assigned.seq(), atPick, events);
    }

    /**
     * Makes an assignment good that did not count: the member is owed one lead more, at the expense of all members
     * with a weight above 0 in proportion to it (routing specification §4.2).
     *
     * @throws IllegalArgumentException if he is no member any more
     */
    List<PoolEvent> credit(String user) {
        if (!accounts.containsKey(user)) {
            throw new IllegalArgumentException(user + " is not in pool " + pool);
        }
        List<String> paying = accounts.keySet().stream().filter(other -> weight(other) > 0).toList();
        if (paying.isEmpty()) {
            return List.of();
        }
        List<PoolEvent> events = new ArrayList<>();
        BigInteger sum = sumOfWeights(paying);
        BigInteger common = denominator.divide(denominator.gcd(sum)).multiply(sum);
        if (common.compareTo(LARGEST_DENOMINATOR) <= 0) {
            rescale(common);
        } else {
            events.add(rebase(sum, List.copyOf(accounts.keySet())));
        }
        List<String> changed = new ArrayList<>(paying);
        if (!changed.contains(user)) {
            changed.add(user);
        }
        Map<String, Owed> before = owed(changed);
        BigInteger unit = denominator.divide(sum);
        paying.forEach(other -> add(other, unit.multiply(BigInteger.valueOf(weight(other))).negate()));
        add(user, denominator);
        events.add(event(Kind.CREDIT, Optional.of(user), Optional.empty(), paying, List.of(), before, owed(changed)));
        return events;
    }

    /** Rounds to a denominator near the largest that {@code sum} divides. */
    private PoolEvent rebase(BigInteger sum, List<String> order) {
        Map<String, Owed> before = owed(order);
        BigInteger smaller = LARGEST_DENOMINATOR.divide(sum).multiply(sum);
        BigInteger missing = BigInteger.ZERO;
        for (String user : order) {
            BigInteger floored = floor(numerator(user).multiply(smaller), denominator);
            accounts.put(user, new Account(weight(user), floored));
            missing = missing.subtract(floored);
        }
        denominator = smaller;
        handOut(missing, order);
        return event(Kind.REBASE, Optional.empty(), Optional.empty(), order, List.of(), before, owed(order));
    }

    /** One unit each in list order; there are never more units than members. */
    private void handOut(BigInteger units, List<String> order) {
        for (int i = 0; i < units.intValueExact(); i++) {
            add(order.get(i), BigInteger.ONE);
        }
    }

    private void rescale(BigInteger larger) {
        BigInteger factor = larger.divide(denominator);
        if (!factor.equals(BigInteger.ONE)) {
            accounts.replaceAll((user, account) -> new Account(account.weight(), account.numerator().multiply(factor)));
            denominator = larger;
        }
    }

    private void add(String user, BigInteger units) {
        accounts.put(user, new Account(weight(user), numerator(user).add(units)));
    }

    private BigInteger sumOfWeights(List<String> users) {
        return BigInteger.valueOf(users.stream().mapToLong(this::weight).sum());
    }

    private Map<String, Owed> owed(List<String> users) {
        Map<String, Owed> owed = new LinkedHashMap<>();
        users.forEach(user -> owed.put(user, owed(user)));
        return owed;
    }

    private PoolEvent event(Kind kind, Optional<String> user, Optional<Integer> weight, List<String> eligible,
            List<Excluded> excluded, Map<String, Owed> before, Map<String, Owed> after) {
        return new PoolEvent(pool, ++seq, kind, user, weight, List.copyOf(eligible), List.copyOf(excluded), before,
                after);
    }

    private static BigInteger floor(BigInteger value, BigInteger divisor) {
        BigInteger[] parts = value.divideAndRemainder(divisor);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }
}
