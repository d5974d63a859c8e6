package io.leadroutes.zoominfo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a ZoomInfo account in stores without showing its user name. */
public final class Account {

    private Account() {
    }

    /** A digest of base URL and user name. */
    public static String of(ZoomInfoConfig config) {
        String name = config.baseUrl() + "|" + config.username().orElse("");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
