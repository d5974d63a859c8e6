package io.leadroutes.sandbox.zoominfo.signal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.IntentSignal;
import io.leadroutes.sandbox.world.IntentTopic;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import io.leadroutes.sandbox.zoominfo.search.CompanyFilter;
import io.leadroutes.sandbox.zoominfo.search.Criteria;
import io.leadroutes.sandbox.zoominfo.search.Inputs;
import io.leadroutes.sandbox.zoominfo.search.Order;
import java.io.IOException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** {@code POST /search/intent} and {@code POST /enrich/intent} (collected facts §5.7, §6.5). */
final class Intent {

    private static final long MOST_DAYS = 90;
    private static final int MOST_ALTERNATIVES = 50;
    private static final int MOST_TOGETHER = 12;

    private final Desk desk;

    Intent(Desk desk) {
        this.desk = desk;
    }

    Reply search(Call call, JsonNode body) {
        Criteria criteria = desk.reader.read(body, Inputs.INTENT);
        Set<IntentTopic> topics = topics(criteria);
        Predicate<IntentSignal> wanted = filter(criteria, topics);
        List<IntentSignal> found = new ArrayList<>();
        for (Company company : desk.companies(criteria, true)) {
            for (IntentSignal signal : desk.signals.intent(company)) {
                if (wanted.test(signal)) {
                    found.add(signal);
                }
            }
        }
        return reply(call, criteria, found, true, false);
    }

    Reply enrich(Call call, JsonNode body) {
        boolean together = isTogether(body);
        Criteria criteria = desk.reader.read(withTopicsAsArray(body, together), EnrichInputs.INTENT);
        Optional<Company> company = desk.company(criteria);
        Set<IntentTopic> topics = topics(criteria);
        int most = together ? MOST_TOGETHER : MOST_ALTERNATIVES;
        if (criteria.items("topics").size() > most) {
            throw Criteria.invalid("topics");
        }
        Optional<LocalDate> from = criteria.date("signalStartDate");
        LocalDate to = criteria.date("signalEndDate").orElse(World.TODAY);
        if (from.isPresent() && ChronoUnit.DAYS.between(from.get(), to) > MOST_DAYS) {
            throw Criteria.invalid("signalStartDate", "signalEndDate");
        }
        Predicate<IntentSignal> wanted = filter(criteria, topics);
        List<IntentSignal> found = company.map(desk.signals::intent).orElse(List.of()).stream().filter(wanted).toList();
        if (together) {
            Set<IntentTopic> seen = new HashSet<>();
            found.forEach(signal -> seen.add(signal.topic()));
            found = seen.size() == new HashSet<>(criteria.items("topics")).size() ? found : List.of();
        }
        return reply(call, criteria, found, criteria.flag("findRecommendedContacts", true), true);
    }

    private Reply reply(Call call, Criteria criteria, List<IntentSignal> found, boolean withContacts, boolean withLocations) {
        ToIntFunction<IntentSignal> key = switch (criteria.sortBy()) {
            case "companyName" -> signal -> desk.index.rank(signal.company());
            case "signalScore" -> IntentSignal::score;
            case "category" -> signal -> category(signal.topic());
            case "topic" -> signal -> rank(signal.topic());
            // A is the most, so ascending begins with E.
            case "audienceStrength" -> signal -> 'E' - signal.audienceStrength();
            default -> signal -> (int) signal.date().toEpochDay();
        };
        return desk.reply(call, criteria, Order.by(key, criteria.ascending(), found), true, signal -> signal.id().toString(),
                (out, signal) -> write(out, signal, withContacts, withLocations));
    }

    private static int rank(IntentTopic topic) {
        return (int) IntentTopic.ALL.stream().filter(other -> other.name().compareTo(topic.name()) < 0).count();
    }

    private static int category(IntentTopic topic) {
        return (int) IntentTopic.ALL.stream().filter(other -> other.category().compareTo(topic.category()) < 0).count();
    }

    /** Only topics that the account has subscribed to count; others find nothing or are refused, as the account is set. */
    private Set<IntentTopic> topics(Criteria criteria) {
        List<String> names = criteria.items("topics");
        if (names.isEmpty()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        Set<IntentTopic> topics = new HashSet<>();
        names.forEach(name -> Subscription.topic(name, desk.settings).ifPresent(topics::add));
        if (topics.size() < new HashSet<>(names).size() && desk.reader.refusesUnknownValues()) {
            throw Criteria.invalid("topics");
        }
        return topics;
    }

    private static Predicate<IntentSignal> filter(Criteria criteria, Set<IntentTopic> topics) {
        List<Predicate<IntentSignal>> all = new ArrayList<>();
        all.add(signal -> topics.contains(signal.topic()));
        LocalDate from = criteria.date("signalStartDate").orElse(LocalDate.MIN);
        LocalDate to = criteria.date("signalEndDate").orElse(LocalDate.MAX);
        all.add(signal -> CompanyFilter.isWithin(signal.date(), from, to));
        score(criteria, "signalScoreMin").ifPresent(least -> all.add(signal -> signal.score() >= least));
        score(criteria, "signalScoreMax").ifPresent(most -> all.add(signal -> signal.score() <= most));
        // A is the most: at least C means A, B or C.
        strength(criteria, "audienceStrengthMin").ifPresent(least -> all.add(signal -> signal.audienceStrength() <= least));
        strength(criteria, "audienceStrengthMax").ifPresent(most -> all.add(signal -> signal.audienceStrength() >= most));
        return CompanyFilter.every(all);
    }

    private static Optional<Integer> score(Criteria criteria, String name) {
        Optional<Integer> score = criteria.number(name).map(Double::intValue);
        if (score.filter(value -> value < 60 || value > 100).isPresent()) {
            throw Criteria.invalid(name);
        }
        return score;
    }

    private static Optional<Character> strength(Criteria criteria, String name) {
        Optional<String> strength = criteria.text(name);
        if (strength.filter(value -> !value.matches("[A-E]")).isPresent()) {
            throw Criteria.invalid(name);
        }
        return strength.map(value -> value.charAt(0));
    }

    /** Whether all topics are wanted of one company, which only a text can say: {@code a AND b}. */
    private static boolean isTogether(JsonNode body) {
        return body.path("topics").asText("").contains(" AND ");
    }

    private static JsonNode withTopicsAsArray(JsonNode body, boolean together) {
        if (!body.path("topics").isTextual()) {
            return body;
        }
        ObjectNode copy = body.deepCopy();
        ArrayNode topics = copy.putArray("topics");
        for (String name : body.path("topics").asText().split(together ? " AND " : "\\|")) {
            if (!name.isBlank()) {
                topics.add(name.strip());
            }
        }
        return copy;
    }

    private void write(JsonGenerator out, IntentSignal signal, boolean withContacts, boolean withLocations) throws IOException {
        Company company = signal.company();
        out.writeStartObject();
        out.writeStringField("id", signal.id().toString());
        out.writeStringField("category", signal.topic().category());
        out.writeStringField("topic", signal.topic().name());
        out.writeNumberField("signalScore", signal.score());
        out.writeStringField("audienceStrength", Character.toString(signal.audienceStrength()));
        out.writeBooleanField("newSignal", signal.isNew());
        out.writeStringField("signalDate", Formats.dateTime(signal.date()));
        out.writeNumberField("trend", signal.trend());
        out.writeArrayFieldStart("recommendedContacts");
        if (withContacts) {
            for (Person person : signal.recommendedContacts()) {
                Desk.writeContact(out, person);
            }
        }
        out.writeEndArray();
        if (withLocations) {
            out.writeArrayFieldStart("topSignalLocations");
            for (Place place : signal.topLocations()) {
                out.writeStartObject();
                out.writeStringField("city", place.city());
                out.writeStringField("state", place.state());
                out.writeStringField("country", place.country());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeObjectFieldStart("company");
        out.writeNumberField("id", company.id());
        out.writeStringField("name", company.name());
        out.writeStringField("website", company.website());
        out.writeBooleanField("hasOtherTopicConsumption", desk.signals.intent(company).stream()
                .anyMatch(other -> !other.topic().equals(signal.topic())));
        out.writeEndObject();
        out.writeEndObject();
    }
}
