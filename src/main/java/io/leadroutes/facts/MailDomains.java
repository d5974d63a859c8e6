package io.leadroutes.facts;

import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Domains of e-mail addresses and web sites (routing specification §3.3), by the public suffixes that Guava ships. */
final class MailDomains {

    /** What an address tells about an employer. */
    enum Kind {
        CORPORATE, FREE, DISPOSABLE, HOSTED, NONE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param registrable empty when the host has no public suffix, is an address, or is one label */
    record Domain(Optional<String> registrable, Kind kind) {
    }

    private static final Domain NO_DOMAIN = new Domain(Optional.empty(), Kind.NONE);

    private final Set<String> free = Set.copyOf(DataFile.lines("free-mail.txt"));
    private final Set<String> disposable = Set.copyOf(DataFile.lines("disposable-mail.txt"));

    Domain ofAddress(String email) {
        return ofHost(email.substring(email.lastIndexOf('@') + 1));
    }

    Domain ofHost(String text) {
        String host = text.strip().toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        try {
            host = IDN.toASCII(host);
            if (host.startsWith("www.")) {
                host = host.substring(4);
            }
            if (InetAddresses.isInetAddress(host) || !host.contains(".")) {
                return NO_DOMAIN;
            }
            InternetDomainName name = InternetDomainName.from(host);
            // A public suffix that no registry runs is a host's own: whoever is below it is a customer there.
            if (name.isUnderPublicSuffix() && !name.publicSuffix().equals(name.registrySuffix())) {
                return kind(name.topPrivateDomain().toString(), Kind.HOSTED);
            }
            return name.isUnderRegistrySuffix() ? kind(name.topDomainUnderRegistrySuffix().toString(), Kind.CORPORATE)
                    : NO_DOMAIN;
        } catch (IllegalArgumentException e) {
            return NO_DOMAIN;
        }
    }

    private Domain kind(String registrable, Kind otherwise) {
        Kind kind = disposable.contains(registrable) ? Kind.DISPOSABLE
                : free.contains(registrable) ? Kind.FREE : otherwise;
        return new Domain(Optional.of(registrable), kind);
    }
}
