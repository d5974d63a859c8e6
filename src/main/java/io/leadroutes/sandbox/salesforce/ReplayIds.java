package io.leadroutes.sandbox.salesforce;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Replay ids: 12 bytes that tell a client nothing. The sequence number is scrambled so that all byte values occur and
 * nobody comes to rely on numbers that count up.
 */
final class ReplayIds {

    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final long INVERSE = inverse(ODD);

    private volatile short epoch;
    private volatile long shift;

    ReplayIds(int epoch) {
        this.epoch = (short) epoch;
    }

    /** Makes all replay ids given out so far invalid. */
    void invalidate() {
        epoch++;
    }

    /**
     * Makes each replay id given out so far name the event that many places later, as after a migration of the
     * organisation, when ids are not unique any more.
     */
    void shift(long by) {
        shift += by;
    }

    ByteString of(long sequence) {
        long scrambled = (sequence - shift) * ODD;
        scrambled ^= scrambled >>> 32;
        return ByteString.copyFrom(ByteBuffer.allocate(12).putShort(epoch).putLong(scrambled)
                .putShort(checksum(epoch, scrambled)).flip());
    }

    /** The sequence number, or empty if this store never gave out the id. */
    OptionalLong sequence(ByteString id) {
        if (id.size() != 12) {
            return OptionalLong.empty();
        }
        ByteBuffer bytes = id.asReadOnlyByteBuffer();
        short givenEpoch = bytes.getShort();
        long scrambled = bytes.getLong();
        if (givenEpoch != epoch || bytes.getShort() != checksum(givenEpoch, scrambled)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((scrambled ^ scrambled >>> 32) * INVERSE + shift);
    }

    private static short checksum(short epoch, long scrambled) {
        long mixed = (scrambled + epoch) * 0xC2B2AE3D27D4EB4FL;
        return (short) (mixed >>> 48);
    }

    /** The inverse of an odd number modulo 2^64, by Newton's method. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
