package io.leadroutes.sandbox.salesforce;

import java.util.Optional;

/**
 * Salesforce record ids: 15 case-sensitive characters, or those with three more that encode which of them are upper
 * case, five a character (Salesforce, "ID Field Type").
 */
final class SalesforceId {

    private static final String SUFFIX_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    private SalesforceId() {
    }

    /** The 18 characters of a 15-character id. */
    static String full(String id15) {
        StringBuilder full = new StringBuilder(18).append(id15);
        for (int block = 0; block < 3; block++) {
            int bits = 0;
            for (int i = 0; i < 5; i++) {
                char c = id15.charAt(block * 5 + i);
                if (c >= 'A' && c <= 'Z') {
                    bits |= 1 << i;
                }
            }
            full.append(SUFFIX_ALPHABET.charAt(bits));
        }
        return full.toString();
    }

    /** The id as 18 characters, or empty if the text is no id (wrong length, characters or checksum). */
    static Optional<String> parse(String text) {
        if (text.length() != 15 && text.length() != 18) {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')) {
                return Optional.empty();
            }
        }
        String full = full(text.substring(0, 15));
        return text.length() == 15 || full.equalsIgnoreCase(text) ? Optional.of(full) : Optional.empty();
    }

    /** The id of a number within an object, for example prefix {@code 00Q}, number 7. */
    static String of(String keyPrefix, long number) {
        return full(keyPrefix + "Sb" + String.format("%010d", number));
    }
}
