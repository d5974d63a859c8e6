package io.leadroutes.zoominfo;

import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Refusal;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.Identity;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.lead.credit.Redeemed.Learnt;
import io.leadroutes.lead.credit.WorkKind;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The credits of calls whose caller does not reserve them: a Kamelet in a route that an engineer has written. Steps of
 * the route {@code standard-tier}, round the call. The product's own routes set the variable {@link #OWN}.
 */
@ApplicationScoped
@Named("routeCredits")
@Unremovable
public class RouteCredits {

    /** Exchange variable of a caller that reserves and settles the credits of its calls itself. */
    static final String OWN = "zoominfoCreditsOwn";
    private static final String HOLDER = "zoominfoCreditsHolder";
    private static final String SOURCE = "route";
    private static final String CONTACT = "/enrich/contact";
    /** Operations that cost a credit for each company that is new, with a list of inputs. */
    private static final Set<String> COMPANIES = Set.of("/enrich/company", "/enrich/company-master",
            "/enrich/corporatehierarchy");
    /** Operations that cost one where the company asked for is new. */
    private static final Set<String> DETAILS = Set.of("/enrich/orgchart", "/enrich/tech", "/enrich/hashtag",
            "/enrich/location");

    private final CreditLedger ledger;
    private final Redeemed redeemed;

    RouteCredits(CreditLedger ledger, Redeemed redeemed) {
        this.ledger = ledger;
        this.redeemed = redeemed;
    }

    /**
     * What is reserved for the call.
     *
     * @param path    of the call
     * @param company that details were asked of, if named
     */
    private record Held(String holder, String path, Optional<String> company) {
    }

    /**
     * Reserves the most that the call can cost; a person asked for by the id who is under management costs nothing.
     *
     * @throws ZoomInfoException of class {@code QUOTA_EXHAUSTED} that names the budget without room
     */
    public void reserve(Exchange exchange) throws ZoomInfoException {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
        if (exchange.getVariable(OWN) != null || !(path.equals(CONTACT) || COMPANIES.contains(path) || DETAILS.contains(path))) {
            return;
        }
        Held held = exchange.getProperty(HOLDER, Held.class);
        if (held == null || !held.path().equals(path)) {
            held = new Held("route " + UUID.randomUUID(), path, DETAILS.contains(path)
                    ? id(exchange.getMessage().getBody() instanceof Map<?, ?> map ? map.get("companyId") : null)
                    : Optional.empty());
            exchange.setProperty(HOLDER, held);
            giveBackAfter(exchange, held);
        }
        long most = most(path, exchange.getMessage().getBody());
        Optional<Refusal> refusal = ledger.reserve(WorkKind.ROUTE, List.of(new Demand(held.holder(), SOURCE, most))).values()
                .stream().findFirst();
        if (refusal.isPresent()) {
            throw new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, refusal.get().cause() + " leaves no room for a call that "
                    + "may cost " + most + " credit(s)", "");
        }
    }

    private long most(String path, Object body) {
        if (DETAILS.contains(path) || !(body instanceof Map<?, ?> request)) {
            return DETAILS.contains(path) ? 1 : ContactMatcher.MOST_INPUTS;
        }
        List<?> inputs = request.values().stream().filter(List.class::isInstance).map(list -> (List<?>) list)
                .filter(list -> list.stream().allMatch(Map.class::isInstance)).findFirst().orElse(List.of());
        List<String> ids = inputs.stream().map(input -> id(((Map<?, ?>) input).get("personId"))).flatMap(Optional::stream)
                .toList();
        return inputs.size() - (path.equals(CONTACT) ? redeemed.underManagement(ids).size() : 0);
    }

    /** Whatever becomes of the exchange: what surely was not spent is given back at its end. */
    private void giveBackAfter(Exchange exchange, Held held) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (held.equals(done.getProperty(HOLDER)) && done.getVariable(TierCall.MAYBE_CHARGED_VARIABLE) == null) {
                    ledger.refund(List.of(held.holder()));
                }
            }
        });
    }

    /** Settles the call: one credit for each person or company in its answer who is new to the account. */
    @Transactional
    public void settle(Exchange exchange) {
        if (!(exchange.removeProperty(HOLDER) instanceof Held held)) {
            return;
        }
        Map<?, ?> answer = exchange.getMessage().getBody() instanceof Map<?, ?> map ? map : Map.of();
        List<String> persons = new ArrayList<>();
        List<String> companies = new ArrayList<>();
        List<Learnt> learnt = new ArrayList<>();
        long unnamed = 0;
        if (DETAILS.contains(held.path())) {
            held.company().ifPresent(companies::add);
            unnamed = held.company().isPresent() ? 0 : 1;
        } else {
            for (Map<?, ?> record : records(answer)) {
                Optional<String> id = id(record.get("id"));
                Optional<String> company = record.get("company") instanceof Map<?, ?> nested ? id(nested.get("id"))
                        : Optional.empty();
                if (id.isPresent() && held.path().equals(CONTACT)) {
                    persons.add(id.get());
                    learnt.add(new Learnt(id.get(), Optional.empty(), Identity.NOTHING,
                            List.of(Identity.ofRecord(text(record)))));
                } else if (id.or(() -> company).isPresent()) {
                    companies.add(id.or(() -> company).get());
                } else {
                    unnamed++;
                }
            }
        }
        long charged = redeemed.redeem(persons).size() + redeemed.redeemCompanies(companies).size() + unnamed;
        redeemed.learn(learnt);
        ledger.settle(List.of(new Settlement(held.holder(), SOURCE, charged, true)));
    }

    /** The records of an answer that has some; {@code data} is a list of one record or the record itself. */
    private static List<Map<?, ?>> records(Map<?, ?> answer) {
        List<Map<?, ?>> records = new ArrayList<>();
        ContactMatcher.results(answer).orElse(List.of()).forEach(result -> {
            Object data = result instanceof Map<?, ?> map ? map.get("data") : null;
            Object first = data instanceof List<?> list ? list.isEmpty() ? null : list.get(0) : data;
            if (first instanceof Map<?, ?> record && !record.isEmpty() && !record.containsKey("errorMessage")) {
                records.add(record);
            }
        });
        return records;
    }

    private static Map<String, Object> text(Map<?, ?> record) {
        Map<String, Object> text = new HashMap<>();
        record.forEach((key, value) -> text.put(key.toString(), value));
        return text;
    }

    private static Optional<String> id(Object value) {
        return Optional.ofNullable(value).map(Object::toString).filter(text -> text.matches("-?[0-9]{1,18}"));
    }
}
