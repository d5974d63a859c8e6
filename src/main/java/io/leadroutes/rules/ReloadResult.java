package io.leadroutes.rules;

import java.util.List;

/**
 * What a reload did.
 *
 * @param changed  true when another version is in force now
 * @param active   the rules in force, the earlier ones if there are findings
 * @param findings why the files were refused; empty when they were not
 */
public record ReloadResult(boolean changed, Ruleset active, List<Finding> findings) {

    public ReloadResult {
        findings = List.copyOf(findings);
    }

    /** True when the files were refused and the earlier rules stay in force. */
    public boolean refused() {
        return !findings.isEmpty();
    }
}
