package io.leadroutes.rules;

/**
 * A CRM field that takes a value from ZoomInfo.
 *
 * @param object      CRM object: {@code Lead}, {@code Contact} or {@code Account}
 * @param field       API name of the CRM field
 * @param from        {@code person.<contact output field>} or {@code company.<field of the company>}
 * @param policy      when the value is written
 * @param minDays     days that a value must be newer by, for {@link Policy#IF_NEWER}; at least 0
 * @param protectDays days for which a person's later edit is kept; 0 for not at all
 */
public record FieldMapping(String object, String field, String from, Policy policy, int minDays, int protectDays) {

    /** A value that is dated the same day is no news. */
    public static final int MIN_DAYS = 1;
    /** Some nine months: for so long a value that somebody has checked is better than one from a data vendor. */
    public static final int PROTECT_DAYS = 270;

    /** When a value is written (routing specification, 6.3). */
    public enum Policy {
        /** Not at all. */
        NEVER("never"),
        /** Where the record has nothing. */
        FILL_BLANK("fill-blank"),
        /** Whenever it differs, also over the edit of a person. */
        ALWAYS("always"),
        /** Where the record has nothing, or something older than ZoomInfo's value. */
        IF_NEWER("if-newer");

        private final String word;

        Policy(String word) {
            this.word = word;
        }

        /** As the rules write it. */
        public String word() {
            return word;
        }
    }

    /** A field that is filled where the record has nothing. */
    public FieldMapping(String object, String field, String from) {
        this(object, field, from, Policy.FILL_BLANK);
    }

    public FieldMapping(String object, String field, String from, Policy policy) {
        this(object, field, from, policy, MIN_DAYS, PROTECT_DAYS);
    }
}
