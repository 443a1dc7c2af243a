package dev.rein.os.internal.auth;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads public keys in PEM format. */
final class PemKeys {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final String PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----";

    private PemKeys() {}

    /**
     * Reads a public key or the public key of a certificate.
     *
     * @param algorithm RSA, EC or Ed25519
     * @param text the PEM text; {@code \n} may stand for line breaks, as in environment variables
     * @throws GeneralSecurityException if the text is neither, or the key is of another algorithm
     */
    static PublicKey read(String algorithm, String text) throws GeneralSecurityException {
        var pem = text.replace("\\n", "\n").strip();
        if (pem.startsWith(CERTIFICATE)) {
            var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(bytes)
                    .getPublicKey();
        }
        if (!pem.startsWith(PUBLIC_KEY)) {
            throw new GeneralSecurityException(
                    "the text starts with neither " + PUBLIC_KEY + " nor with " + CERTIFICATE);
        }
        var base64 = pem.substring(PUBLIC_KEY.length()).replaceAll("-----END PUBLIC KEY-----|\\s", "");
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the text is not valid Base64", e);
        }
    }
}
