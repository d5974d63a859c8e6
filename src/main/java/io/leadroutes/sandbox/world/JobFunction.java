package io.leadroutes.sandbox.world;

/** What a person works in: the function and the department it belongs to. */
public record JobFunction(String name, String department) {
}
