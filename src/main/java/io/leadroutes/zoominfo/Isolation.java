package io.leadroutes.zoominfo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the records that fail each call they are in, with few calls, while the others get their answers early. Halves
 * are asked for once each. What is known to hold one that fails is halved again: when one half is answered, the other
 * holds it. The half that was not asked for joins the others that were not, which are asked for together. A record that
 * is found is asked for alone at the end. Of 25 records with one that fails this takes at most 8 calls more than the
 * one that failed.
 *
 * <p>Getters are for the route. Used by one thread at a time.
 *
 * @param <T> one record: a lead, or a record that a webhook names
 */
public final class Isolation<T> {

    /** A record that failed alone. */
    public record Poison<T>(T record, Exception cause) {
    }

    private enum Question {
        HALF, REST, ALONE
    }

    private final PoisonSearch.Work<T> work;
    private final List<T> whole;
    /** Each is known to hold a record that fails, as far as one failure tells. */
    private final Deque<List<T>> failing = new ArrayDeque<>();
    private final List<T> rest = new ArrayList<>();
    private final Deque<T> found = new ArrayDeque<>();
    private final List<Poison<T>> poisons = new ArrayList<>();
    private List<T> asked = List.of();
    private Question question = Question.HALF;
    private boolean pending;
    private boolean answered;
    private boolean halved;

    Isolation(PoisonSearch.Work<T> work, List<T> failed, ZoomInfoException failure) {
        this.work = work;
        this.whole = List.copyOf(failed);
        Optional<T> named = named(failure.getMessage());
        if (whole.size() == 1) {
            poisons.add(new Poison<>(whole.get(0), failure));
        } else if (named.isPresent()) {
            found.add(named.get());
            whole.stream().filter(one -> one != named.get()).forEach(rest::add);
        } else {
            failing.push(whole);
        }
    }

    /** The one record that the message quotes, if it does. */
    private Optional<T> named(String message) {
        List<T> quoted = whole.stream()
                .filter(one -> work.quotedAs(one).filter(words -> quotes(message, words)).isPresent()).toList();
        return quoted.size() == 1 ? Optional.of(quoted.get(0)) : Optional.empty();
    }

    private static boolean quotes(String message, String words) {
        return message != null && Pattern.compile("(?<![\\w-])" + Pattern.quote(words) + "(?!\\w)",
                Pattern.CASE_INSENSITIVE).matcher(message).find();
    }

    PoisonSearch.Work<T> work() {
        return work;
    }

    /** All that the call which failed had asked for. */
    List<T> whole() {
        return whole;
    }

    /** Whose records these are, as the route tells them apart. */
    public String getKind() {
        return work.kind();
    }

    /** True while there is something to ask. */
    public boolean isOpen() {
        while (!failing.isEmpty() && failing.peek().size() == 1) {
            found.add(failing.pop().get(0));
        }
        return !failing.isEmpty() || !rest.isEmpty() || !found.isEmpty();
    }

    /** The records to ask for now. */
    List<T> next() {
        if (!isOpen()) {
            throw new IllegalStateException("Nothing is left to ask for");
        }
        // Before a second half of the first is tried: does ZoomInfo answer for anybody?
        if (!rest.isEmpty() && (failing.isEmpty() || halved && !answered)) {
            question = Question.REST;
            asked = List.copyOf(rest);
            rest.clear();
        } else if (!failing.isEmpty()) {
            question = Question.HALF;
            asked = List.copyOf(failing.peek().subList(0, failing.peek().size() / 2));
            halved = true;
        } else {
            question = Question.ALONE;
            asked = List.of(found.poll());
        }
        pending = true;
        return asked;
    }

    /** The records that were asked for have their answers. */
    void answered() {
        pending = false;
        answered = true;
        if (question == Question.HALF) {
            List<T> both = failing.pop();
            failing.push(both.subList(asked.size(), both.size()));
        }
    }

    /** The call for the records that were asked for has failed. */
    void failed(Exception cause) {
        pending = false;
        switch (question) {
            case HALF -> {
                List<T> both = failing.pop();
                rest.addAll(both.subList(asked.size(), both.size()));
                failing.push(asked);
            }
            case REST -> failing.addLast(asked);
            case ALONE -> poisons.add(new Poison<>(asked.get(0), cause));
        }
    }

    /** True when each of the records has been asked for and none has been answered: maybe none is to blame. */
    boolean nobodyAnswered() {
        return !answered && rest.isEmpty() && (halved || failing.isEmpty());
    }

    /**
     * Ends the search.
     *
     * @return the records that have neither an answer nor failed alone
     */
    List<T> stop() {
        List<T> left = new ArrayList<>(rest);
        if (pending) {
            left.addAll(asked);
        }
        failing.forEach(left::addAll);
        left.addAll(found);
        failing.clear();
        rest.clear();
        found.clear();
        return left.stream().distinct().toList();
    }

    /** Ends the search without a result: those that failed alone are not to blame either. */
    List<T> acquit() {
        List<T> all = new ArrayList<>(stop());
        poisons.forEach(poison -> all.add(poison.record()));
        poisons.clear();
        return all;
    }

    /** Those that failed alone. */
    public List<Poison<T>> getPoisons() {
        return List.copyOf(poisons);
    }
}
