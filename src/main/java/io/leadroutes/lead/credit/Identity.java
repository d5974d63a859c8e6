package io.leadroutes.lead.credit;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * By what a person is asked for or recorded, in the spelling in which it is compared.
 *
 * @param email in lower case
 * @param name  first name, last name and company, joined by single bars
 */
public record Identity(Optional<String> email, Optional<String> name) {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHER = Pattern.compile("[^\\p{L}\\p{N}]+");
    /** Legal forms at the end of a company's name, which are written or left out at will. */
    private static final Pattern LEGAL_FORM = Pattern.compile(
            "( (inc|incorporated|llc|ltd|limited|gmbh|ag|kg|corp|corporation|co|plc|sa|sas|sarl|bv|nv|oy|ab|spa|srl))+$");

    /** Says nothing of anybody. */
    public static final Identity NOTHING = new Identity(Optional.empty(), Optional.empty());

    public static Identity of(Optional<String> email, Optional<String> firstName, Optional<String> lastName,
            Optional<String> company) {
        Optional<String> first = plain(firstName);
        Optional<String> last = plain(lastName);
        Optional<String> firm = plain(company).map(name -> LEGAL_FORM.matcher(name).replaceFirst(""));
        return new Identity(email.map(text -> text.strip().toLowerCase(Locale.ROOT)).filter(text -> !text.isEmpty()),
                first.isPresent() && last.isPresent() && firm.isPresent()
                        ? Optional.of(first.get() + "|" + last.get() + "|" + firm.get()) : Optional.empty());
    }

    /** Of fields that bear the names of a lead's. */
    public static Identity ofLead(Map<String, ?> fields) {
        return of(text(fields, "email"), text(fields, "firstName"), text(fields, "lastName"), text(fields, "company"));
    }

    /** Of ZoomInfo's record of a person, with its company in it or beside it. */
    public static Identity ofRecord(Map<String, ?> record) {
        Optional<String> company = record.get("company") instanceof Map<?, ?> nested ? text(nested, "name")
                : text(record, "companyName");
        return of(text(record, "email"), text(record, "firstName"), text(record, "lastName"), company);
    }

    /** What ZoomInfo is asked by: the e-mail address if there is one, else the name. */
    Identity asked() {
        return email.isPresent() ? new Identity(email, Optional.empty()) : this;
    }

    private static Optional<String> text(Map<?, ?> map, String key) {
        return Optional.ofNullable(map.get(key)).map(Object::toString);
    }

    private static Optional<String> plain(Optional<String> text) {
        return text.map(given -> OTHER.matcher(MARKS.matcher(Normalizer.normalize(given, Normalizer.Form.NFKD))
                .replaceAll("").toLowerCase(Locale.ROOT)).replaceAll(" ").strip()).filter(plain -> !plain.isEmpty());
    }
}
