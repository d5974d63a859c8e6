package io.leadroutes.routing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A number of leads that a pool owes a member, exactly.
 *
 * @param numerator   any integer
 * @param denominator positive; the fraction is always in lowest terms
 */
public record Owed(BigInteger numerator, BigInteger denominator) implements Comparable<Owed> {

    public static final Owed NOTHING = new Owed(BigInteger.ZERO, BigInteger.ONE);

    public Owed {
        if (denominator.signum() <= 0) {
            throw new IllegalArgumentException("the denominator must be positive");
        }
        BigInteger common = numerator.gcd(denominator);
        if (!common.equals(BigInteger.ONE)) {
            numerator = numerator.divide(common);
            denominator = denominator.divide(common);
        }
    }

    /** Reads {@link #toString()}'s form: {@code 2/3}, {@code -1}. */
    public static Owed parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new Owed(new BigInteger(text), BigInteger.ONE)
                : new Owed(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }

    /** For people: two decimals, half up. */
    public BigDecimal rounded() {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), 2, RoundingMode.HALF_UP);
    }

    @Override
    public int compareTo(Owed other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
