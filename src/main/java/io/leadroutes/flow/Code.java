package io.leadroutes.flow;

import static io.leadroutes.flow.Severity.ERROR;
import static io.leadroutes.flow.Severity.WARNING;

/** The kinds of finding in route files. R: the file cannot run as it is. H: it breaks a rule of the house. */
public enum Code {
    /** Not readable as YAML, or a key given twice. */
    R01(ERROR),
    /** A step or option that Camel does not have. */
    R02(ERROR),
    /** A required step option is missing. */
    R03(ERROR),
    /** A value of the wrong type or outside a closed list. */
    R04(ERROR),
    /** No component of this name is part of the application. */
    R05(ERROR),
    /** The endpoint has no option of this name. */
    R06(ERROR),
    /** An endpoint option has a value that it cannot take. */
    R07(ERROR),
    /** A required endpoint option is missing. */
    R08(ERROR),
    /** No Kamelet of this name. */
    R09(ERROR),
    /** The Kamelet declares no property of this name. */
    R10(ERROR),
    /** A required property of the Kamelet is missing. */
    R11(ERROR),
    /** No route starts at this {@code direct:} endpoint. */
    R12(ERROR),
    /** A placeholder without default names a key that is not configured. */
    R13(ERROR),
    /** A route id is used twice. */
    R14(ERROR),
    /** The named route configuration does not exist. */
    R15(ERROR),
    /** Camel could not create the route. */
    R16(ERROR),

    /** The route id differs from the file name. */
    H01(WARNING),
    /** A route or Kamelet without description. */
    H02(WARNING),
    /** Options in the uri instead of a parameters map. */
    H03(WARNING),
    /** Short notation, an anchor or an alias. */
    H04(WARNING),
    /** A business route that reaches a system directly or by an address made from data. */
    H05(ERROR),
    /** Error handling outside routes/shared. */
    H06(ERROR),
    /** A business route without route configuration: its failures would be handled by nobody. */
    H07(ERROR),
    /** A tier route with an error handler: its retries would go round the throttle. */
    H08(ERROR),
    /** A throttle, call or choice without id. */
    H09(WARNING),
    /** Two files of one name in different folders. */
    H10(WARNING),
    /** A declared Kamelet property is not used. */
    H11(WARNING),
    /** A Kamelet uses a property that it does not declare. */
    H12(ERROR),
    /** A Kamelet property without example or default. */
    H13(WARNING),
    /** A secret of a Kamelet that is not marked as one. */
    H14(ERROR),
    /** A Kamelet whose name differs from its file name, so that it is not found. */
    H15(ERROR),
    /** A Kamelet without or with the wrong type label. */
    H16(WARNING),
    /** A Kamelet property without title or description. */
    H17(WARNING),
    /** A route configuration that the route's own noErrorHandler switches off. */
    H18(ERROR),
    /** A Kafka intake that commits offsets by itself: what is read and not stored yet could be lost. */
    H19(ERROR);

    private final Severity severity;

    Code(Severity severity) {
        this.severity = severity;
    }

    /** What a finding of this kind does at run time; the project's own tests take every finding as an error. */
    public Severity severity() {
        return severity;
    }
}
