package io.leadroutes.rules;

import java.nio.file.Path;

/** Reads and checks a rules directory. */
public final class RulesetLoader {

    private RulesetLoader() {
    }

    /**
     * Reads every rule file of a directory, checks them together and compiles them.
     *
     * @throws InvalidRulesException with all findings of all files, at most 100 a file
     */
    public static Ruleset load(Path directory) throws InvalidRulesException {
        throw new UnsupportedOperationException("reading rule files follows in the next commit");
    }
}
