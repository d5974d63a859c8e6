package io.leadroutes.zoominfo;

import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the leads that fail each call they are in, with few calls, while the others get their answers early. Halves are
 * asked for once each. What is known to hold one that fails is halved again: when one half is answered, the other holds
 * it. The half that was not asked for joins the others that were not, which are asked for together. A lead that is found
 * is asked for alone at the end. Of 25 leads with one that fails this takes at most 8 calls more than the one that failed.
 *
 * <p>Getters are for the route. Used by one thread at a time.
 */
public final class Isolation {

    /** A lead that failed alone. */
    public record Poison(LeadEvent lead, Exception cause) {
    }

    private enum Question {
        HALF, REST, ALONE
    }

    /** Each is known to hold a lead that fails, as far as one failure tells. */
    private final Deque<List<LeadEvent>> failing = new ArrayDeque<>();
    private final List<LeadEvent> rest = new ArrayList<>();
    private final Deque<LeadEvent> found = new ArrayDeque<>();
    private final List<Poison> poisons = new ArrayList<>();
    private List<LeadEvent> asked = List.of();
    private Question question = Question.HALF;
    private boolean pending;
    private boolean answered;
    private boolean halved;

    Isolation(LeadBatch failed, ZoomInfoException failure) {
        Optional<LeadEvent> named = named(failed.leads(), failure.getMessage());
        if (failed.size() == 1) {
            poisons.add(new Poison(failed.leads().get(0), failure));
        } else if (named.isPresent()) {
            found.add(named.get());
            failed.leads().stream().filter(lead -> lead != named.get()).forEach(rest::add);
        } else {
            failing.push(failed.leads());
        }
    }

    /** The one lead whose e-mail the message quotes, if it does. */
    private static Optional<LeadEvent> named(List<LeadEvent> leads, String message) {
        List<LeadEvent> quoted = leads.stream().filter(lead -> lead.lead().field("email")
                .filter(email -> message != null && message.toLowerCase(Locale.ROOT).contains(email.toLowerCase(Locale.ROOT))).isPresent())
                .toList();
        return quoted.size() == 1 ? Optional.of(quoted.get(0)) : Optional.empty();
    }

    /** True while there is something to ask. */
    public boolean isOpen() {
        while (!failing.isEmpty() && failing.peek().size() == 1) {
            found.add(failing.pop().get(0));
        }
        return !failing.isEmpty() || !rest.isEmpty() || !found.isEmpty();
    }

    /** The leads to ask for now. */
    public LeadBatch getNext() {
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
        return new LeadBatch(asked);
    }

    /** The leads that were asked for have their answers. */
    void answered() {
        pending = false;
        answered = true;
        if (question == Question.HALF) {
            List<LeadEvent> whole = failing.pop();
            failing.push(whole.subList(asked.size(), whole.size()));
        }
    }

    /** The call for the leads that were asked for has failed. */
    void failed(Exception cause) {
        pending = false;
        switch (question) {
            case HALF -> {
                List<LeadEvent> whole = failing.pop();
                rest.addAll(whole.subList(asked.size(), whole.size()));
                failing.push(asked);
            }
            case REST -> failing.addLast(asked);
            case ALONE -> poisons.add(new Poison(asked.get(0), cause));
        }
    }

    /** True when each of the leads has been asked for and none has been answered: maybe none is to blame. */
    boolean nobodyAnswered() {
        return !answered && rest.isEmpty() && (halved || failing.isEmpty());
    }

    /**
     * Ends the search.
     *
     * @return the leads that have neither an answer nor failed alone
     */
    LeadBatch stop() {
        List<LeadEvent> left = new ArrayList<>(rest);
        if (pending) {
            left.addAll(asked);
        }
        failing.forEach(left::addAll);
        left.addAll(found);
        failing.clear();
        rest.clear();
        found.clear();
        return new LeadBatch(left.stream().distinct().toList());
    }

    /** Ends the search without a result: those that failed alone are not to blame either. */
    LeadBatch acquit() {
        List<LeadEvent> all = new ArrayList<>(stop().leads());
        poisons.forEach(poison -> all.add(poison.lead()));
        poisons.clear();
        return new LeadBatch(all);
    }

    /** Those that failed alone. */
    public List<Poison> getPoisons() {
        return List.copyOf(poisons);
    }
}
