package io.leadroutes.secret;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Reads a private key as it comes out of portals, environment variables and secret stores: PKCS#8 PEM whose line
 * ends may be lost, escaped as {@code \n}, or gone together with the header lines.
 */
public final class PrivateKeys {

    private static final Pattern ARMOUR = Pattern.compile("-----\\s*(BEGIN|END)\\s+([A-Z ]*?)\\s*-----");

    private PrivateKeys() {
    }

    /**
     * @param configKey the configuration key, for the message
     * @throws IllegalArgumentException with what is wrong and how to mend it; never with a part of the key
     */
    public static RSAPrivateKey read(String configKey, String pem) {
        String text = pem.replace("\\r", "").replace("\\n", "\n").replace("\"", "").replace("'", "").strip();
        if (text.contains("BEGIN RSA PRIVATE KEY")) {
            throw new IllegalArgumentException(configKey + " is PKCS#1; convert it to PKCS#8: "
                    + "openssl pkcs8 -topk8 -nocrypt -in key.pem -out key-pkcs8.pem");
        }
        if (text.contains("ENCRYPTED")) {
            throw new IllegalArgumentException(configKey + " is encrypted; decrypt it: "
                    + "openssl pkcs8 -topk8 -nocrypt -in key.pem -out key-plain.pem");
        }
        if (text.contains("PUBLIC KEY") || text.contains("CERTIFICATE")) {
            throw new IllegalArgumentException(configKey + " holds a public key or a certificate, "
                    + "not the private key");
        }
        String base64 = ARMOUR.matcher(text).replaceAll("").replaceAll("\\s", "");
        byte[] der;
        try {
            der = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(configKey + " is not a PEM key: its text is not base64");
        }
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            if (rsa.generatePrivate(new PKCS8EncodedKeySpec(der)) instanceof RSAPrivateKey key) {
                return key;
            }
            throw new IllegalArgumentException(configKey + " is not an RSA key");
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException(configKey + " is not an RSA private key in PKCS#8 form, "
                    + "or a part of it is missing (" + der.length + " bytes)");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
