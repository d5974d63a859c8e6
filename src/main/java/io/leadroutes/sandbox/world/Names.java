package io.leadroutes.sandbox.world;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How names, domains and phone numbers are brought into one form before they are compared. */
public final class Names {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern NOT_DIGIT = Pattern.compile("\\D+");
    private static final Set<String> LEGAL_FORMS = Set.of("inc", "llc", "ltd", "gmbh", "ag", "sas", "sa", "corp",
            "corporation", "co", "company", "limited", "group", "plc", "bv", "ab", "spa", "sl", "kg", "incorporated");

    private Names() {
    }

    /** Lower case, without accents and punctuation; words parted by one space. */
    public static String plain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > 127) {
                String text = MARKS.matcher(Normalizer.normalize(name.replace("ß", "ss"), Normalizer.Form.NFD)).replaceAll("");
                return NOT_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
            }
        }
        return plainAscii(name);
    }

    /** The same for the usual case, which comes up several times in each call. */
    private static String plainAscii(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean gap = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean capital = c >= 'A' && c <= 'Z';
            if (capital || c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                if (gap && out.length() > 0) {
                    out.append(' ');
                }
                gap = false;
                out.append(capital ? (char) (c + 32) : c);
            } else {
                gap = true;
            }
        }
        return out.toString();
    }

    /** {@link #plain(String)} without legal forms at the end. */
    public static String company(String name) {
        String text = plain(name);
        for (int space = text.lastIndexOf(' '); space > 0; space = text.lastIndexOf(' ')) {
            if (!LEGAL_FORMS.contains(text.substring(space + 1))) {
                break;
            }
            text = text.substring(0, space);
        }
        return text;
    }

    /** Host of a web address without {@code www.}; works for bare domains too. */
    public static String domain(String website) {
        String text = website.strip().toLowerCase(Locale.ROOT);
        int scheme = text.indexOf("://");
        text = scheme < 0 ? text : text.substring(scheme + 3);
        for (char end : new char[] {'/', '?', '#', ':'}) {
            int at = text.indexOf(end);
            text = at < 0 ? text : text.substring(0, at);
        }
        return text.startsWith("www.") ? text.substring(4) : text;
    }

    /** Digits only, without a leading country code 1. */
    public static String phone(String phone) {
        String digits = NOT_DIGIT.matcher(phone).replaceAll("");
        return digits.length() == 11 && digits.startsWith("1") ? digits.substring(1) : digits;
    }
}
