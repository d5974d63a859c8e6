package io.leadroutes.zoominfo.token;

import io.leadroutes.zoominfo.FailureClass;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The token that all replicas share, and the lease of the one that renews it. */
interface TokenTable {

    /** How long a renewer that gives no sign of life keeps the others waiting. */
    Duration LEASE = Duration.ofSeconds(3);

    /**
     * @param version      raised with each token; 0 before the first
     * @param sealed       the token, if there is one that has not expired
     * @param left         until it expires
     * @param untilRenewal until it is to be renewed; negative when that is due
     * @param refusal      of credentials that are not to be tried now
     */
    record Row(long version, Optional<byte[]> sealed, Duration left, Duration untilRenewal, Optional<Refusal> refusal) {

        static final Row NONE = new Row(0, Optional.empty(), Duration.ZERO, Duration.ZERO, Optional.empty());
    }

    /** @param fingerprint of the credentials that were refused */
    record Refusal(byte[] fingerprint, FailureClass failureClass, String message) {
    }

    Row read(String account);

    /**
     * Takes the lease to authenticate, unless somebody has it, has brought another version, or was refused with the
     * same credentials a moment ago.
     *
     * @param version     as read
     * @param fingerprint of the credentials that are to be tried
     */
    boolean lease(String account, UUID renewer, long version, byte[] fingerprint);

    /** The renewer is still at it. */
    void extend(String account, UUID renewer);

    /**
     * Puts a new token in and gives the lease back.
     *
     * @return false, with nothing changed, when the lease has gone to somebody else
     */
    boolean store(String account, UUID renewer, long version, byte[] sealed, Duration left, Duration untilRenewal);

    /** Gives the lease back without a token. */
    void release(String account, UUID renewer);

    /** Gives the lease back; nobody tries these credentials for that long. */
    void refuse(String account, UUID renewer, Refusal refusal, Duration holdOff);

    /** The shared token cannot be reached. */
    class TokensUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TokensUnavailableException(Throwable cause) {
            super("No token for ZoomInfo: the database does not answer", cause);
        }
    }
}
