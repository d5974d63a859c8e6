package io.leadroutes.lead.credit;

/** Turns an identifier of a person into one that tells nothing, the same every time. */
@FunctionalInterface
public interface AliasHash {

    /** @return 64 hexadecimal digits */
    String of(String kind, String identifier);
}
