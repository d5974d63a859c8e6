package io.leadroutes.zoominfo.bulk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads a CSV file (RFC 4180, UTF-8, a head line) row by row; no more than one row is kept. */
final class CsvRows {

    private static final int CELL_LIMIT = 10_000;
    private static final int COLUMN_LIMIT = 100;

    private final Reader in;
    private final List<String> columns;
    private long line = 1;
    private int ahead;

    /**
     * Reads the head line.
     *
     * @throws IllegalArgumentException telling what is wrong with it
     */
    CsvRows(InputStream bytes) throws IOException {
        this.in = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)), 1 << 16);
        this.ahead = read();
        if (ahead == '\uFEFF') {
            ahead = read();
        }
        List<String> head = cells();
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(RefreshRow.COLUMNS);
        List<String> names = new ArrayList<>();
        for (String cell : head) {
            String name = RefreshRow.COLUMNS.stream().filter(column -> column.equalsIgnoreCase(cell.strip())).findFirst()
                    .orElse("");
            if (!name.isEmpty() && names.contains(name)) {
                throw new IllegalArgumentException("The column " + name + " is there twice.");
            }
            names.add(name);
        }
        if (names.stream().allMatch(name -> name.isEmpty() || name.equals("recordId"))) {
            throw new IllegalArgumentException("The head line must name at least one of " + known + ", not "
                    + (head.isEmpty() ? "nothing" : head) + ".");
        }
        columns = names;
    }

    /** The columns that the file has, of those that are known. */
    Set<String> columns() {
        return Set.copyOf(columns.stream().filter(name -> !name.isEmpty()).toList());
    }

    /**
     * The next row, column to text; empty at the end.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    Optional<Map<String, String>> next() throws IOException {
        while (ahead >= 0) {
            long at = line;
            List<String> cells = cells();
            if (cells.size() == 1 && cells.get(0).isBlank()) {
                continue;
            }
            if (cells.size() > columns.size()) {
                throw new IllegalArgumentException("Line " + at + " has " + cells.size() + " cells, the head line has "
                        + columns.size() + ".");
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                if (!columns.get(i).isEmpty()) {
                    row.put(columns.get(i), cells.get(i));
                }
            }
            return Optional.of(row);
        }
        return Optional.empty();
    }

    private List<String> cells() throws IOException {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        while (true) {
            if (ahead < 0) {
                if (quoted) {
                    throw new IllegalArgumentException("A quotation mark is not closed before the end of the file.");
                }
                break;
            }
            char c = (char) ahead;
            ahead = read();
            if (quoted && c == '"' && ahead == '"') {
                cell.append('"');
                ahead = read();
            } else if (c == '"' && (quoted || cell.isEmpty())) {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                add(cells, cell);
            } else if (!quoted && c == '\n') {
                line++;
                break;
            } else if (quoted || c != '\r') {
                line += c == '\n' ? 1 : 0;
                if (cell.length() == CELL_LIMIT) {
                    throw new IllegalArgumentException("Line " + line + " has a cell of more than " + CELL_LIMIT
                            + " characters.");
                }
                cell.append(c);
            }
        }
        add(cells, cell);
        return cells;
    }

    private void add(List<String> cells, StringBuilder cell) {
        if (cells.size() == COLUMN_LIMIT) {
            throw new IllegalArgumentException("Line " + line + " has more than " + COLUMN_LIMIT + " cells.");
        }
        cells.add(cell.toString());
        cell.setLength(0);
    }

    private int read() throws IOException {
        try {
            return in.read();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Line " + line + " is not UTF-8.");
        }
    }
}
