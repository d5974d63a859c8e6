package io.leadroutes.rules;

import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What scoring groups and routing tables share: columns, cells, conditions, reasons. */
class TableReader extends RuleReader {

    private static final Set<String> PERSONAL = Set.of("email", "phone", "directPhone", "mobilePhone", "firstName",
            "lastName", "middleName", "fullName", "name", "ipAddress", "street", "hashedEmails");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@{}]+@[^\\s@{}]+\\.[^\\s@{}]+");

    final CelWorkbench cel;

    TableReader(RuleFile file, Ids ids, CelWorkbench cel) {
        super(file, ids);
        this.cel = cel;
    }

    VariableTable table() {
        return cel.table();
    }

    /** A variable by its name at a place: V04 when it is not known there. */
    Optional<Variable> variable(Scalar at, Scopes scopes) {
        Optional<Variable> variable = table().find(at.text());
        if (variable.isEmpty()) {
            file.report("V04", at, "the variable " + at.text() + " is not known",
                    "rules see only declared variables", CelWorkbench.unknownVariable(table(), at.text()));
            return Optional.empty();
        }
        String refusal = scopes.refusal(variable.get());
        if (!refusal.isEmpty()) {
            file.report("V04", at, "the variable " + at.text() + " is not known here", refusal, "");
            return Optional.empty();
        }
        return variable;
    }

    /** One entry a column, empty for a column that is wrong. */
    List<Optional<Variable>> columns(Mapping mapping, Scopes scopes) {
        List<Optional<Variable>> columns = new ArrayList<>();
        for (Yaml column : list(mapping, "columns")) {
            columns.add(scalar(column).flatMap(name -> variable(name, scopes)));
        }
        return columns;
    }

    /** Reports columns that no row asks. */
    void unusedColumns(Mapping mapping, List<Optional<Variable>> columns, List<Yaml> rows) {
        List<Yaml> places = list(mapping, "columns");
        for (int i = 0; i < columns.size() && !rows.isEmpty(); i++) {
            int column = i;
            if (columns.get(i).isPresent() && rows.stream().allMatch(row -> asksNothing(row, column))) {
                file.report("V16", places.get(i), "the column " + columns.get(i).get().name() + " is never used",
                        "every cell in it is -", "Remove the column");
            }
        }
    }

    private static boolean asksNothing(Yaml row, int column) {
        return row instanceof Mapping mapping && value(mapping, "cells").orElse(null) instanceof Yaml.Sequence cells
                && cells.items().size() > column && cells.items().get(column) instanceof Scalar cell
                && (cell.text().isBlank() || cell.text().strip().equals("-"));
    }

    /** The test of one row; empty when something in it is wrong. */
    Optional<RowTest> test(Mapping row, List<Optional<Variable>> columns, Scopes scopes) {
        List<Yaml> cells = list(row, "cells");
        Optional<Yaml> given = value(row, "cells");
        if (cells.size() != columns.size() && (given.isEmpty() || given.get() instanceof Yaml.Sequence)) {
            file.report("V07", given.orElse(row), "the row has " + cells.size() + " cells for " + columns.size()
                    + " columns", "each cell belongs to the column at its place", "Write - where any value will do");
            return Optional.empty();
        }
        List<Cell> read = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            Yaml cell = cells.get(i);
            read.add(columns.get(i).map(column -> new CellParser(file, column, cel, scopes).parse(cell))
                    .orElseGet(Cell.Any::new));
        }
        Optional<Condition> when = when(row, scopes);
        if (columns.stream().anyMatch(Optional::isEmpty) || value(row, "when").isPresent() != when.isPresent()
                || cells.size() != columns.size()) {
            return Optional.empty();
        }
        return Optional.of(new RowTest(columns.stream().map(column -> column.get().name()).toList(), read, when));
    }

    Optional<Condition> when(Mapping mapping, Scopes scopes) {
        return value(mapping, "when").flatMap(this::scalar)
                .flatMap(text -> cel.compile(file, text, 0, scopes, Optional.empty()));
    }

    Optional<Template> reason(Mapping mapping, String key, Scopes scopes, Optional<RowTest> test) {
        return value(mapping, key).flatMap(this::scalar).flatMap(text -> template(text, scopes, test));
    }

    /** Reads a reason: V14 for slots that may be empty, V15 for personal data. */
    Optional<Template> template(Scalar at, Scopes scopes, Optional<RowTest> test) {
        Template template;
        try {
            template = Template.parse(Inputs.nfc(at.text()));
        } catch (Template.Malformed e) {
            file.report("V01", at, e.offset, "the slot is not readable", e.getMessage(), "");
            return Optional.empty();
        }
        Set<String> known = test.map(TableReader::proved).orElse(Set.of());
        for (Template.Piece piece : template.pieces()) {
            piece.variable().ifPresent(name -> slot(at, piece, name, scopes, known));
        }
        var address = ADDRESS.matcher(at.text());
        if (address.find()) {
            file.report("V15", at, address.start(), "the reason holds an e-mail address",
                    "reasons are shown and stored without personal data", "Remove it");
        }
        if (at.text().stripTrailing().endsWith(".")) {
            file.report("V14", at, at.text().stripTrailing().length() - 1, "the reason ends with a full stop",
                    "it is read after the word because, inside a sentence", "Remove the full stop");
        }
        return Optional.of(template);
    }

    private void slot(Scalar at, Template.Piece piece, String name, Scopes scopes, Set<String> known) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        if ((name.startsWith("lead.") || name.startsWith("person.")) && PERSONAL.contains(last)) {
            file.report("V15", at, piece.offset(), "the reason names " + name,
                    "reasons are shown and stored without personal data", "Name something of the company instead");
            return;
        }
        Optional<Variable> variable = table().find(name);
        if (variable.isEmpty()) {
            file.report("V04", at, piece.offset() + 1, "the variable " + name + " is not known",
                    "rules see only declared variables", CelWorkbench.unknownVariable(table(), name));
            return;
        }
        String refusal = scopes.refusal(variable.get());
        if (!refusal.isEmpty()) {
            file.report("V04", at, piece.offset() + 1, "the variable " + name + " is not known here", refusal, "");
        } else if (variable.get().mayBeUnknown() && !piece.optional() && !known.contains(name)) {
            file.report("V14", at, piece.offset(), "the reason names " + name + ", which may be unknown",
                    "the sentence would have a gap", "Write {" + name + "?\"…\"} with words for that case");
        }
    }

    /** Variables that are known whenever the row matches. */
    private static Set<String> proved(RowTest test) {
        Set<String> known = new HashSet<>();
        for (int i = 0; i < test.cells().size(); i++) {
            if (provesKnown(test.cells().get(i))) {
                known.add(test.columns().get(i));
            }
            if (test.columns().get(i).equals("account.match") && provesAccount(test.cells().get(i))) {
                known.add("account.name");
            }
        }
        return known;
    }

    private static boolean provesKnown(Cell cell) {
        if (cell instanceof Cell.AnyOf list) {
            return list.members().stream().allMatch(TableReader::provesKnown);
        }
        return !(cell instanceof Cell.Any) && !(cell instanceof Cell.Unknown);
    }

    /** A matched account has a name. */
    private static boolean provesAccount(Cell cell) {
        if (cell instanceof Cell.AnyOf list) {
            return list.members().stream().allMatch(TableReader::provesAccount);
        }
        return cell instanceof Cell.Equal equal
                && (equal.literal().equals("resolved") || equal.literal().equals("verified"));
    }
}
