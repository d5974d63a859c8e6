package io.leadroutes.sandbox.zoominfo.lookup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Hashtag;
import io.leadroutes.sandbox.world.Hashtags;
import io.leadroutes.sandbox.world.Industry;
import io.leadroutes.sandbox.world.IntentTopic;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.NewsItem;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.Scoop;
import io.leadroutes.sandbox.world.Technology;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.profile.Departments;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * {@code GET /lookup/<enumeration>}: the values that criteria take (collected facts §7.2). Those that are known are ZoomInfo's;
 * the others are the world's own, so that whatever is looked up can be searched for.
 */
public final class Enumerations implements Family {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LEVELS = List.of("Board Member", "C Level Exec", "VP Level Exec", "Director", "Manager",
            "Non Manager");
    private static final List<String> SKILLS = List.of("Java", "JavaScript", "Python", "Go", "C++", "SQL", "PostgreSQL",
            "Kubernetes", "Docker", "Terraform", "React", "Node.js", "Apache Kafka", "Apache Spark", "Linux");

    private final World world;

    public Enumerations(World world) {
        this.world = world;
    }

    @Override
    public void mount(Endpoints endpoints) {
        Map<String, Map<String, String>> tables = tables();
        tables.forEach((name, table) -> {
            byte[] answer = bytes(table);
            add(endpoints, name, call -> Reply.json(200, answer));
            if (!name.equals(name.toLowerCase(Locale.ROOT))) {
                add(endpoints, name.toLowerCase(Locale.ROOT), call -> Reply.json(200, answer));
            }
        });
        add(endpoints, "tech/category", call -> technologies(call, t -> categoryId(t), Technology::category));
        add(endpoints, "tech/vendor", call -> technologies(call, Technology::vendor, Technology::vendor));
        add(endpoints, "tech/product", call -> technologies(call, Technology::attribute, Technology::product));
        add(endpoints, "hashtag", this::hashtags);
        add(endpoints, "intent/topics", call -> Reply.json(200, topics()));
        add(endpoints, "news/categories", call -> Reply.json(200, JSON.valueToTree(NewsItem.CATEGORIES)));
    }

    private static void add(Endpoints endpoints, String name, Function<Call, Reply> answer) {
        endpoints.add("GET", "/lookup/" + name, Tier.STANDARD, Meter.NONE, (call, body) -> answer.apply(call));
    }

    /** Names by ids, of every enumeration that cannot be narrowed. */
    private Map<String, Map<String, String>> tables() {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        tables.put("companyranking", table("fortune100", "Fortune 100", "fortune500", "Fortune 500", "fortune1000",
                "Fortune 1000", "global500", "Global 500", "private500", "America's Largest", "russell3000", "Russell 3000"));
        tables.put("continent", of(world.places(), p -> flat(p.continent()), Place::continent));
        tables.put("country", of(world.places(), p -> flat(p.country()), Place::country));
        tables.put("state", of(world.places().stream().filter(p -> !p.state().isEmpty()).toList(), Enumerations::stateId,
                Place::state));
        tables.put("metroarea", of(world.places().stream().filter(p -> !p.metroArea().isEmpty()).toList(), Place::metroArea,
                Place::city));
        Map<String, String> departments = new LinkedHashMap<>();
        for (int id = 0; id < Departments.NAMES.size(); id++) {
            departments.put(Integer.toString(id), Departments.NAMES.get(id));
        }
        tables.put("department", departments);
        tables.put("scoopdepartment", departments);
        tables.put("jobfunction", Departments.functions());
        tables.put("employeecount", Formats.employeeRanges());
        tables.put("revenuerange", Formats.revenueRanges());
        tables.put("employee-category-band", same(Formats.employeeRanges().values()));
        tables.put("revenue-category-band", same(Formats.revenueRanges().values()));
        Map<String, String> industries = new LinkedHashMap<>();
        for (Industry industry : world.industries()) {
            industries.putIfAbsent(industry.id(), industry.name());
            industries.putIfAbsent(industry.subId(), industry.subName());
        }
        tables.put("industry", industries);
        tables.put("siccode", of(world.industries(), Industry::sic, Industry::sicName));
        tables.put("naicscode", of(world.industries(), Industry::naics, Industry::naicsName));
        tables.put("companytype", of(world.companies(), c -> c.type().toLowerCase(Locale.ROOT), Enumerations::typeName));
        tables.put("managementLevel", same(LEVELS));
        tables.put("jobtitlehierarchy", table("exec", "Executive", "vp", "Vice President", "director", "Director", "manager",
                "Manager", "staff", "Staff"));
        tables.put("boardMember", table("include", "Include", "exclude", "Exclude", "only", "Only"));
        tables.put("subunittypes", table("location", "Location", "division", "Division", "subsidiary", "Subsidiary",
                "UNSPECIFIED", "Unspecified"));
        tables.put("scooptopic", of(Scoop.TOPICS, kind -> Integer.toString(kind.id()), Scoop.Kind::name));
        tables.put("scooptype", of(Scoop.TYPES, kind -> Integer.toString(kind.id()), Scoop.Kind::name));
        tables.put("tech-skills", same(SKILLS));
        tables.put("years-of-experience", same(List.of("0-1", "2-3", "4-5", "6-9", "10-19", "20-29", "30-39")));
        tables.put("hierarchy-code", table("GP", "Global Parent", "SUB", "Subsidiary", "BR", "Branch", "SL",
                "Single Location"));
        tables.put("buyinggroups", table("1", "Sales Technology", "2", "Marketing Technology", "3", "Human Resources Technology",
                "4", "Finance Technology", "5", "Cyber Security", "6", "Cloud and Infrastructure"));
        return tables;
    }

    private Reply technologies(Call call, Function<Technology, String> id, Function<Technology, String> name) {
        return Reply.json(200, bytes(of(world.technologies().stream().filter(wanted(call, Technology::vendor,
                Technology::parentCategory, Technology::category)).toList(), id, name)));
    }

    private Reply hashtags(Call call) {
        return Reply.json(200, bytes(of(Hashtags.all(world).stream().filter(wanted(call, Hashtag::vendor,
                Hashtag::parentCategory, Hashtag::category)).toList(), Hashtag::tag, Hashtag::label)));
    }

    /** The three query parameters by which technologies are narrowed; case and legal forms do not count. */
    private static <T> Predicate<T> wanted(Call call, Function<T, String> vendor, Function<T, String> parentCategory,
            Function<T, String> category) {
        return Enumerations.<T>is(call, "vendor", vendor).and(is(call, "parentCategory", parentCategory))
                .and(is(call, "category", category));
    }

    private static <T> Predicate<T> is(Call call, String parameter, Function<T, String> value) {
        String sent = call.request().getParam(parameter);
        if (sent == null || sent.isBlank()) {
            return each -> true;
        }
        String plain = Names.company(sent);
        return each -> Names.company(value.apply(each)).equals(plain);
    }

    private static ArrayNode topics() {
        ArrayNode topics = JSON.createArrayNode();
        for (IntentTopic topic : IntentTopic.ALL) {
            topics.addObject().put("Name", topic.name()).put("Category", topic.category()).put("Department", topic.department())
                    .put("JobFunction", topic.jobFunction()).put("Description", topic.description());
        }
        return topics;
    }

    private static <T> Map<String, String> of(List<T> all, Function<T, String> id, Function<T, String> name) {
        return all.stream().collect(Collectors.toMap(id, name, (first, second) -> first, LinkedHashMap::new));
    }

    private static Map<String, String> same(Collection<String> names) {
        return of(List.copyOf(names), name -> name, name -> name);
    }

    private static Map<String, String> table(String... idsAndNames) {
        Map<String, String> table = new LinkedHashMap<>();
        for (int i = 0; i < idsAndNames.length; i += 2) {
            table.put(idsAndNames[i], idsAndNames[i + 1]);
        }
        return table;
    }

    private static byte[] bytes(Map<String, String> namesById) {
        ArrayNode list = JSON.createArrayNode();
        namesById.forEach((id, name) -> list.addObject().put("Id", id).put("Name", name));
        return list.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** {@code usa.georgia}. */
    private static String stateId(Place place) {
        return (place.countryCode().equals("US") ? "usa" : flat(place.country())) + "." + flat(place.state());
    }

    private static String categoryId(Technology technology) {
        return technology.attribute().substring(0, technology.attribute().lastIndexOf('.'));
    }

    private static String typeName(Company company) {
        return switch (company.type()) {
            case "NON_PROFIT" -> "Non-Profit";
            case "PUBLIC" -> "Public";
            case "GOVERNMENT" -> "Government";
            case "EDUCATION" -> "Education";
            default -> "Private";
        };
    }

    private static String flat(String name) {
        return Names.plain(name).replace(" ", "");
    }
}
