package io.leadroutes.sandbox.world;

import java.util.List;

/** What a person works in: the function and the department it belongs to. */
public record JobFunction(String name, String department) {

    /** All there are, department after department. */
    public static List<JobFunction> all() {
        return Jobs.functions();
    }
}
