package io.leadroutes.sandbox.salesforce;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;

/** The key pair of the connected app, made anew for each sandbox process, with a self-signed certificate for it. */
final class Keys {

    static final String STORE_PASSWORD = "sandbox-password";
    private static final byte[] SHA256_WITH_RSA = {0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86,
        (byte) 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00};
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};

    private final KeyPair pair;
    private final Certificate certificate;

    Keys(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            pair = generator.generateKeyPair();
            certificate = certificate(pair, now);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no RSA key could be made", e);
        }
    }

    PublicKey publicKey() {
        return certificate.getPublicKey();
    }

    PrivateKey privateKey() {
        return pair.getPrivate();
    }

    /** PKCS#8 in PEM. */
    String privatePem() {
        return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A PKCS#12 key store with key and certificate, as the Camel component wants them. */
    byte[] keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("leadroutes", pair.getPrivate(), STORE_PASSWORD.toCharArray(),
                    new Certificate[] {certificate});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, STORE_PASSWORD.toCharArray());
            return out.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }

    /** The JDK can read certificates but not make them; this writes the DER of RFC 5280 by hand. */
    private static Certificate certificate(KeyPair pair, Instant now) throws GeneralSecurityException, IOException {
        byte[] name = der(0x30, der(0x31, der(0x30, COMMON_NAME,
                der(0x0c, "LeadRoutes sandbox".getBytes(StandardCharsets.UTF_8)))));
        byte[] validity = der(0x30, time(now.minus(Duration.ofDays(1))), time(now.plus(Duration.ofDays(365))));
        byte[] body = der(0x30, der(0xa0, integer(BigInteger.TWO)), integer(BigInteger.valueOf(now.toEpochMilli())),
                SHA256_WITH_RSA, name, validity, name, pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] whole = der(0x30, body, SHA256_WITH_RSA, der(0x03, new byte[1], signature.sign()));
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] integer(BigInteger value) throws IOException {
        return der(0x02, value.toByteArray());
    }

    private static byte[] time(Instant time) throws IOException {
        return der(0x18, DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(time)
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        out.write(tag);
        if (length < 128) {
            out.write(length);
        } else if (length < 256) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.write(part);
        }
        return out.toByteArray();
    }
}
