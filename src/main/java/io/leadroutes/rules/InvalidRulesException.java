package io.leadroutes.rules;

import java.util.List;
import java.util.stream.Collectors;

/** A rules directory that is refused as a whole. Carries every finding of every file, at most 100 a file. */
public final class InvalidRulesException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    InvalidRulesException(List<Finding> findings) {
        super("The rules are refused:\n" + findings.stream().map(Finding::toString).collect(Collectors.joining("\n")));
        this.findings = List.copyOf(findings);
    }

    /** In the order of files, then lines, then columns; never empty. */
    public List<Finding> findings() {
        return findings;
    }
}
