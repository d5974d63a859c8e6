package io.leadroutes.rules;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A compiled CEL expression of type bool. Safe to use by many threads. */
public final class Condition {

    private final String text;
    private final CelRuntime.Program program;

    Condition(String text, CelRuntime.Program program) {
        this.text = text;
        this.program = program;
    }

    /** The expression as written. */
    public String text() {
        return text;
    }

    /** Evaluates over all variables; one that may be unknown is an optional. */
    public boolean holds(Inputs inputs) throws EvaluationException {
        return evaluate(inputs, Optional.empty());
    }

    /** Evaluates with {@code it} bound as well. */
    boolean holds(Inputs inputs, Object it) throws EvaluationException {
        return evaluate(inputs, Optional.of(it));
    }

    private boolean evaluate(Inputs inputs, Optional<Object> it) throws EvaluationException {
        SortedSet<String> missing = new TreeSet<>();
        try {
            Object result = program.eval(name -> {
                Optional<Object> value = name.equals(CelWorkbench.IT) ? it : bound(inputs, name);
                if (value.isEmpty()) {
                    missing.add(name);
                }
                return value;
            });
            if (result instanceof Boolean bool) {
                return bool;
            }
            throw new EvaluationException("missing " + String.join(", ", missing));
        } catch (CelEvaluationException | RuntimeException e) {
            throw new EvaluationException(cause(e));
        }
    }

    private static Optional<Object> bound(Inputs inputs, String name) {
        Optional<Object> value = inputs.value(name);
        return inputs.table().find(name).filter(Variable::mayBeUnknown).isPresent() ? Optional.of(value) : value;
    }

    private static String cause(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Condition condition && condition.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
