package io.leadroutes.flow;

import java.time.Instant;
import java.util.List;

/**
 * How a route file or Kamelet stands.
 *
 * @param file path from the working directory
 * @param since when it came into this state
 * @param findings what was found in the text on disk; errors for a refused file, warnings for one in force
 */
public record FileStatus(String file, State state, Instant since, List<Finding> findings) {

    /** Whether the text on disk is in force, or the version before it (if there was one) goes on. */
    public enum State {
        IN_FORCE, REFUSED
    }
}
