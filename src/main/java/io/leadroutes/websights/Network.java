package io.leadroutes.websights;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param first  first address
 * @param prefix bits that all addresses of the range share
 */
record Network(InetAddress first, int prefix) {

    /** Nothing but digits, so that no name is ever looked up. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}");

    /**
     * Addresses that no visitor from the Internet has (IANA special-purpose registries): this host, private use,
     * carrier networks, link-local, loopback, multicast, future use. Ranges for examples and tests are not among them:
     * the sandbox's visitors live there.
     */
    private static final List<Network> NOT_PUBLIC = List.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
            "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "64:ff9b:1::/48", "100::/64", "fc00::/7", "fe80::/10", "ff00::/8").stream()
            .map(Network::of).toList();

    /**
     * @param text an address, or address/prefix
     * @throws IllegalArgumentException if it is neither
     */
    static Network of(String text) {
        String[] parts = text.strip().split("/", 2);
        InetAddress address = address(parts[0]).orElseThrow(() -> new IllegalArgumentException(
                "\"" + text + "\" is no address and no network; write 192.0.2.7 or 192.0.2.0/24"));
        int most = address.getAddress().length * 8;
        int prefix = most;
        if (parts.length == 2) {
            prefix = parts[1].matches("\\d{1,3}") ? Integer.parseInt(parts[1]) : -1;
        }
        if (prefix < 0 || prefix > most) {
            throw new IllegalArgumentException("\"" + text + "\" has no prefix of 0 to " + most + " bits");
        }
        return new Network(address, prefix);
    }

    /** An address as it is written, without brackets, port or zone; empty if it is none. */
    static Optional<InetAddress> address(String text) {
        String plain = text.strip().replaceFirst("^\\[([^]]+)](:\\d+)?$", "$1").replaceFirst("^([0-9.]+):\\d+$", "$1")
                .replaceFirst("%.*$", "");
        if (!LITERAL.matcher(plain).matches() || !plain.contains(":") && plain.chars().filter(c -> c == '.').count() != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(plain));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** True for an address that a visitor from the Internet can have. */
    static boolean isPublic(InetAddress address) {
        return NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
    }

    boolean contains(InetAddress address) {
        byte[] own = first.getAddress();
        byte[] other = address.getAddress();
        int rest = own.length * 8 - prefix;
        return own.length == other.length
                && new BigInteger(1, own).shiftRight(rest).equals(new BigInteger(1, other).shiftRight(rest));
    }
}
