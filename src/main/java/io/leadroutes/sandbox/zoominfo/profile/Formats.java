package io.leadroutes.sandbox.zoominfo.profile;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How ZoomInfo writes dates, amounts and ranges. */
public final class Formats {

    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("M/d/yyyy h:mm a", Locale.US);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.US);
    private static final DateTimeFormatter US_DATE = DateTimeFormatter.ofPattern("M/d/yyyy", Locale.US);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US);

    private static final long[] REVENUE_STEPS = {500, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 5_000_000};
    private static final String[] REVENUE_NAMES = {"Under $500,000", "$500,000 - $1 mil.", "$1 mil. - $5 mil.",
        "$5 mil. - $10 mil.", "$10 mil. - $25 mil.", "$25 mil. - $50 mil.", "$50 mil. - $100 mil.", "$100 mil. - $250 mil.",
        "$250 mil. - $500 mil.", "$500 mil. - $1 bil.", "$1 bil. - $5 bil.", "Over $5 bil."};
    private static final String[] REVENUE_IDS = {"under500k", "500kto1m", "1mto5m", "5mto10m", "10mto25m", "25mto50m",
        "50mto100m", "100mmto250m", "250mto500m", "500mto1g", "1gto5g", "5gplus"};
    private static final long[] EMPLOYEE_STEPS = {5, 10, 20, 50, 100, 250, 500, 1_000, 5_000, 10_000};
    private static final String[] EMPLOYEE_NAMES = {"1 - 5", "5 - 10", "10 - 20", "20 - 50", "50 - 100", "100 - 250",
        "250 - 500", "500 - 1,000", "1,000 - 5,000", "5,000 - 10,000", "Over 10,000"};
    private static final String[] EMPLOYEE_IDS = {"1to4", "5to9", "10to19", "20to49", "50to99", "100to249", "250to499",
        "500to999", "1000to4999", "5000to9999", "10000plus"};

    private Formats() {
    }

    /** {@code 6/19/2020 1:41 PM}. */
    public static String dateTime(LocalDateTime when) {
        return DATE_TIME.format(when);
    }

    public static String dateTime(LocalDate when) {
        return DATE_TIME.format(when.atStartOfDay());
    }

    /** {@code 06/19/2020}. */
    public static String date(LocalDate when) {
        return DATE.format(when);
    }

    /** {@code 2020-06-19T00:00:00.000Z}. */
    public static String iso(LocalDate when) {
        return iso(when.atStartOfDay());
    }

    /** {@code 2020-06-19T13:41:00.000Z}; the time is UTC. */
    public static String iso(LocalDateTime when) {
        return ISO.format(when);
    }

    /** {@code $400 Million}; empty if not known. */
    public static String revenue(Company company) {
        double thousands = company.revenueThousands();
        return thousands == 0 ? "" : thousands >= 1e6 ? amount(thousands / 1e6) + " Billion"
                : thousands >= 1e3 ? amount(thousands / 1e3) + " Million" : amount(thousands) + " Thousand";
    }

    public static String revenueRange(Company company) {
        return company.revenueThousands() == 0 ? "" : REVENUE_NAMES[step(REVENUE_STEPS, company.revenueThousands())];
    }

    public static String revenueRangeId(Company company) {
        return company.revenueThousands() == 0 ? "" : REVENUE_IDS[step(REVENUE_STEPS, company.revenueThousands())];
    }

    public static String employeeRange(Company company) {
        return company.employees() == 0 ? "" : EMPLOYEE_NAMES[step(EMPLOYEE_STEPS, company.employees())];
    }

    public static String employeeRangeId(Company company) {
        return company.employees() == 0 ? "" : EMPLOYEE_IDS[step(EMPLOYEE_STEPS, company.employees())];
    }

    /** Ids of the revenue ranges, smallest first. */
    public static List<String> revenueRangeIds() {
        return List.of(REVENUE_IDS);
    }

    /** Ids of the employee ranges, smallest first. */
    public static List<String> employeeRangeIds() {
        return List.of(EMPLOYEE_IDS);
    }

    /** Reads a date criterion, {@code 6/19/2020} or ISO; the documented error for anything else. */
    public static LocalDate date(String text) {
        try {
            return text.contains("/") ? LocalDate.parse(text, US_DATE) : LocalDate.parse(text.substring(0, 10));
        } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
            throw new ApiError(400, ApiError.INVALID_FIELDS);
        }
    }

    /** Names of the revenue ranges by their ids, from small to large; the id with the double m is ZoomInfo's own. */
    public static Map<String, String> revenueRanges() {
        return table(REVENUE_IDS, REVENUE_NAMES);
    }

    /** Names of the ranges of employees by their ids, from small to large. */
    public static Map<String, String> employeeRanges() {
        return table(EMPLOYEE_IDS, EMPLOYEE_NAMES);
    }

    private static Map<String, String> table(String[] ids, String[] names) {
        Map<String, String> table = new LinkedHashMap<>();
        for (int i = 0; i < ids.length; i++) {
            table.put(ids[i], names[i]);
        }
        return table;
    }

    private static int step(long[] steps, long value) {
        int at = 0;
        while (at < steps.length && value >= steps[at]) {
            at++;
        }
        return at;
    }

    private static String amount(double value) {
        String text = String.format(Locale.US, "$%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
