package io.leadroutes.sandbox.world;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Who browses from which address. All ranges are set aside for examples and tests, so that none belongs to anybody:
 * <ul>
 * <li>{@code 198.18.0.0/15} (RFC 2544): eight addresses for each company in turn, the last fifth to the providers,
 * <li>{@code 203.0.113.0/24} (RFC 5737): one address for each of 256 companies that are known for sure,
 * <li>{@code 198.51.100.0/24} (RFC 5737): a provider,
 * <li>{@code 192.0.2.0/24} (RFC 5737): nobody,
 * <li>{@code 10.0.0.0/8} (RFC 1918): 256 addresses for each company in turn,
 * <li>{@code 2001:db8::/32} (RFC 3849): a /48 for each company in turn, from {@code 2001:db8:f000::/36} on the providers'.
 * </ul>
 */
public final class Networks {

    /** How many addresses of 198.18.0.0/15 a company has. */
    private static final int PER_COMPANY = 8;
    private static final int BENCHMARK = 198 << 24 | 18 << 16;
    private static final int BENCHMARK_SIZE = 1 << 17;
    /** Each provider has 4,096 addresses of 198.18.0.0/15; the last one ends with it. */
    private static final int PER_PROVIDER = 1 << 12;
    private static final int PROVIDERS_FROM = 0xf000;
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d{1,2})";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<Company> companies;
    private final List<Provider> providers;
    private final List<Place> places;
    /** Indexes of those for 203.0.113.0/24: nobody has to look for an address that is not withheld. */
    private final int[] wellKnown;

    Networks(List<Company> companies, List<Provider> providers, List<Place> places) {
        this.companies = companies;
        this.providers = providers;
        this.places = places;
        this.wellKnown = IntStream.range(0, companies.size()).filter(i -> companies.get(i).networkConfidence() >= 60).limit(256)
                .toArray();
    }

    /** An address from its text, IPv4 or IPv6; empty if it is none. Never asks a name server. */
    public static Optional<InetAddress> parse(String text) {
        String literal = text.strip();
        if (!IPV4.matcher(literal).matches() && !IPV6.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The network that an address belongs to. */
    public Optional<Network> of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofIpv4(bytes) : ofIpv6(bytes);
    }

    private Optional<Network> ofIpv4(byte[] bytes) {
        int value = (bytes[0] & 255) << 24 | (bytes[1] & 255) << 16 | (bytes[2] & 255) << 8 | bytes[3] & 255;
        int last = value & 255;
        int offset = value - BENCHMARK;
        if (offset >= 0 && offset < BENCHMARK_SIZE) {
            int fromEnd = (BENCHMARK_SIZE - 1 - offset) / PER_PROVIDER;
            if (fromEnd < providers.size()) {
                int low = value - offset % PER_PROVIDER;
                return Optional.of(of(providers.get(fromEnd), value, ipv4(low), ipv4(low + PER_PROVIDER - 1)));
            }
            int low = value - offset % PER_COMPANY;
            return company(offset / PER_COMPANY, ipv4(low), ipv4(low + PER_COMPANY - 1));
        }
        return switch (value >>> 8) {
            case 203 << 16 | 113 -> company(wellKnown[last], ipv4(value), ipv4(value));
            case 198 << 16 | 51 << 8 | 100 -> Optional.of(of(providers.get(0), value, ipv4(value - last),
                    ipv4(value - last + 255)));
            default -> value >>> 24 == 10
                    ? company((value >>> 8) - (10 << 16), ipv4(value - last), ipv4(value - last + 255)) : Optional.empty();
        };
    }

    private Optional<Network> ofIpv6(byte[] bytes) {
        if (word(bytes, 0) != 0x2001 || word(bytes, 1) != 0xdb8) {
            return Optional.empty();
        }
        int index = word(bytes, 2);
        if (index < PROVIDERS_FROM) {
            return company(index, "2001:db8:" + Integer.toHexString(index) + "::",
                    "2001:db8:" + Integer.toHexString(index) + ":ffff:ffff:ffff:ffff:ffff");
        }
        int block = index - PROVIDERS_FROM >> 8;
        if (block >= providers.size()) {
            return Optional.empty();
        }
        int low = PROVIDERS_FROM + (block << 8);
        return Optional.of(of(providers.get(block), index * 31 + word(bytes, 3), "2001:db8:" + Integer.toHexString(low) + "::",
                "2001:db8:" + Integer.toHexString(low + 255) + ":ffff:ffff:ffff:ffff:ffff"));
    }

    private Optional<Network> company(int index, String low, String high) {
        if (index >= companies.size()) {
            return Optional.empty();
        }
        Company company = companies.get(index);
        return Optional.of(new Network(low, high, Optional.of(company), Optional.empty(), company.place(),
                company.networkConfidence()));
    }

    private Network of(Provider provider, int address, String low, String high) {
        List<Place> served = places.stream().filter(place -> place.countryCode().equals(provider.countryCode())).toList();
        return new Network(low, high, Optional.empty(), Optional.of(provider),
                served.get(Hashes.below(address >> 3, 91, served.size())), 0);
    }

    static String publicAddress(int index, int host) {
        return ipv4(BENCHMARK + index * PER_COMPANY + host % PER_COMPANY);
    }

    private static String ipv4(int value) {
        return (value >>> 24) + "." + (value >>> 16 & 255) + "." + (value >>> 8 & 255) + "." + (value & 255);
    }

    private static int word(byte[] bytes, int index) {
        return (bytes[2 * index] & 255) << 8 | bytes[2 * index + 1] & 255;
    }
}
