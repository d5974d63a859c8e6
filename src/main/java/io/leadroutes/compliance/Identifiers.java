package io.leadroutes.compliance;

import java.util.Locale;

/** Identifiers in the one spelling in which they are compared; empty when there is nothing to compare. */
final class Identifiers {

    /** The national number without trunk or country code is at most this long in the countries that we serve. */
    private static final int PHONE_DIGITS = 10;
    /** Fewer digits are an extension or a slip, and would meet strangers. */
    private static final int FEWEST_PHONE_DIGITS = 7;

    private Identifiers() {
    }

    static String person(String id) {
        return id.strip();
    }

    static String email(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    /** The last ten digits: the same number is written with and without country code, brackets and dashes. */
    static String phone(String phone) {
        String digits = phone.replaceAll("(?i)\\s*(?:ext|x)\\.?\\s*\\d+\\s*$", "").replaceAll("\\D", "");
        return digits.length() < FEWEST_PHONE_DIGITS ? ""
                : digits.substring(Math.max(0, digits.length() - PHONE_DIGITS));
    }
}
