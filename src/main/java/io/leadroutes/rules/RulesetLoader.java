package io.leadroutes.rules;

import io.leadroutes.rules.ScoringRules.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads and checks a rules directory. */
public final class RulesetLoader {

    private static final List<String> REQUIRED = List.of("scoring.yaml", "routing.yaml", "pools.yaml", "people.yaml");
    private static final List<String> KNOWN = List.of("types.yaml", "people.yaml", "pools.yaml", "scoring.yaml",
            "routing.yaml", "fields.yaml");
    /** Files that are specified but not built. */
    /** Read by others; it decides about no lead, so it is not part of the ruleset and its version. */
    private static final String PROSPECTS = "prospects.yaml";
    private static final List<String> LATER = List.of("calendars.yaml", "matching.yaml", "sla.yaml",
            "invariants.yaml");
    private static final String NOTHING = "spec: 1\n";

    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, RuleFile> files = new LinkedHashMap<>();
    private final List<Finding> outside = new ArrayList<>();

    private RulesetLoader() {
    }

    /**
     * Reads every rule file of a directory, checks them together and compiles them. {@code types.yaml} and
     * {@code fields.yaml} may be absent.
     *
     * @throws InvalidRulesException with all findings of all files, at most 100 a file
     */
    public static Ruleset load(Path directory) throws InvalidRulesException {
        RulesetLoader loader = new RulesetLoader();
        loader.read(directory);
        return loader.build();
    }

    private void read(Path directory) throws InvalidRulesException {
        if (!Files.isDirectory(directory)) {
            throw new InvalidRulesException(List.of(new Finding(directory.toString(), 1, 1, "V01",
                    "there is no such directory", "rules are read from it", "Set rules.directory")));
        }
        List<String> names;
        try (Stream<Path> listed = Files.list(directory)) {
            names = listed.filter(Files::isRegularFile).map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals(PROSPECTS) && (name.endsWith(".yaml") || name.endsWith(".yml")))
                    .sorted().toList();
        } catch (IOException e) {
            throw new InvalidRulesException(List.of(new Finding(directory.toString(), 1, 1, "V01",
                    "the directory cannot be read", String.valueOf(e.getMessage()), "")));
        }
        for (String name : names) {
            if (!KNOWN.contains(name)) {
                boolean later = LATER.contains(name);
                outside.add(new Finding(name, 1, 1, "V02", later ? "this rule file is not supported yet"
                        : "a rule file of this name is not known", "a file that is not read would be ignored",
                        later ? "Remove it" : Suggestion.of(name, KNOWN)));
            }
        }
        for (String name : REQUIRED) {
            if (!names.contains(name)) {
                outside.add(new Finding(name, 1, 1, "V01", "the file is missing", "a ruleset is not whole without it",
                        "Create it in " + directory.getFileName()));
            }
        }
        for (String name : KNOWN) {
            if (names.contains(name)) {
                text(directory, name).ifPresent(text -> sources.put(name, text));
            }
        }
    }

    private Optional<String> text(Path directory, String name) {
        try {
            Path path = directory.resolve(name);
            if (Files.size(path) > RuleFile.MOST_BYTES) {
                outside.add(new Finding(name, 1, 1, "V01", "the file is larger than 2 MiB",
                        "a file of that size is not a table that people edit", ""));
                return Optional.empty();
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
            return Optional.of((text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n"));
        } catch (CharacterCodingException e) {
            outside.add(new Finding(name, 1, 1, "V01", "the file is not UTF-8", "some of its bytes are no characters",
                    "Save it as UTF-8"));
        } catch (IOException e) {
            outside.add(new Finding(name, 1, 1, "V01", "the file cannot be read", String.valueOf(e.getMessage()), ""));
        }
        return Optional.empty();
    }

    private RuleFile file(String name) {
        RuleFile file = new RuleFile(name, sources.getOrDefault(name, NOTHING));
        files.put(name, file);
        return file;
    }

    private Ruleset build() throws InvalidRulesException {
        RuleReader.Ids ids = new RuleReader.Ids();
        TypesReader typesReader = new TypesReader(file("types.yaml"), ids);
        VariableTable types = typesReader.read();
        PeopleReader people = new PeopleReader(file("people.yaml"), ids);
        people.read();
        Map<String, Pool> pools = new PoolsReader(file("pools.yaml"), ids, people.people()).read();
        TargetNames targets = new TargetNames(pools, people.people(), people.queues());
        CelWorkbench cel = new CelWorkbench(types);
        Optional<ScoringRules> scoring = sources.containsKey("scoring.yaml")
                ? new ScoringReader(file("scoring.yaml"), ids, cel, targets).read()
                : Optional.empty();
        types = scoring.isPresent() ? withGrades(types, scoring.get()) : types;
        Optional<RoutingRules> routing = sources.containsKey("routing.yaml")
                ? new RoutingReader(file("routing.yaml"), ids, cel.with(types), targets).read()
                : Optional.empty();
        List<FieldMapping> fields = sources.containsKey("fields.yaml")
                ? new FieldsReader(file("fields.yaml"), ids).read() : List.of();
        List<Finding> findings = new ArrayList<>(outside);
        files.values().forEach(file -> file.findings().stream().filter(this::isOwnFault).forEach(findings::add));
        if (!findings.isEmpty()) {
            throw new InvalidRulesException(findings);
        }
        Canonical canonical = new Canonical().types(typesReader.declared(), typesReader.extended())
                .people(people.people(), people.queues()).pools(pools).scoring(scoring.orElseThrow())
                .routing(routing.orElseThrow()).fields(fields);
        return new Ruleset(canonical.version(), scoring.get(), routing.get(), Collections.unmodifiableMap(pools),
                Collections.unmodifiableMap(people.people()), Collections.unmodifiableMap(people.queues()), types,
                List.copyOf(fields), canonical.json(), Collections.unmodifiableMap(sources));
    }

    /** False for a finding that only follows from a fault in a file it refers to. */
    private boolean isOwnFault(Finding finding) {
        boolean reference = finding.code().equals("V10") || finding.code().equals("V11");
        boolean rules = finding.file().equals("scoring.yaml") || finding.file().equals("routing.yaml");
        boolean name = finding.code().equals("V04") || finding.code().equals("V06");
        return !(reference && !finding.what().contains("axis") && (broken("people.yaml")
                || broken("pools.yaml") && rules))
                && !(name && rules && broken("types.yaml")
                        && (finding.code().equals("V06") || finding.what().contains("lead.attr.")))
                && !(name && finding.file().equals("routing.yaml") && broken("scoring.yaml")
                        && finding.what().contains("score."));
    }

    private boolean broken(String name) {
        return outside.stream().anyMatch(finding -> finding.file().equals(name))
                || files.containsKey(name) && !files.get(name).clean();
    }

    /** Tiers and grades are closed lists that the scoring file declares. */
    private static VariableTable withGrades(VariableTable types, ScoringRules scoring) {
        List<String> grades = new ArrayList<>();
        scoring.grade().ifPresent(grade -> {
            for (Tier row : grade.rows()) {
                grade.columns().forEach(column -> grades.add(row.id() + column.id()));
            }
        });
        return types.withValues("score.tier", scoring.tiers().stream().map(Tier::id).toList())
                .withValues("score.grade", grades);
    }
}
