package io.leadroutes.rules;

/**
 * One thing that is wrong in a rule file.
 *
 * @param file       file name below the rules directory
 * @param line       from 1
 * @param column     from 1, counted in code points
 * @param code       {@code V01} … {@code V18} of the rule specification
 * @param what       what is wrong, without a full stop
 * @param because    why it is not allowed, without a full stop
 * @param suggestion what to write instead, without a full stop; may be empty
 */
public record Finding(String file, int line, int column, String code, String what, String because,
        String suggestion) {

    /** {@code file:line:column CODE what. Because. Suggestion.} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file).append(':').append(line).append(':').append(column).append(' ')
                .append(code);
        for (String part : new String[] {what, because, suggestion}) {
            if (!part.isEmpty()) {
                text.append(' ').append(part.equals(what) ? part : sentence(part)).append('.');
            }
        }
        return text.toString();
    }

    /** With a capital, unless it begins with a name. */
    private static String sentence(String text) {
        String first = text.split(" ", 2)[0];
        return first.matches("[a-z]+,?") ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text;
    }
}
