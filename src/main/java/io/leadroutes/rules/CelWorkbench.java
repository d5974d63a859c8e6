package io.leadroutes.rules;

/** Compiles CEL over the variable table. */
final class CelWorkbench {

    /** The name of the cell's own value in {@code ~} cells. */
    static final String IT = "it";

    private CelWorkbench() {
    }
}
