package dev.rein.os.internal.auth;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Reads public keys in PEM format. */
final class PemKeys {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final String PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----";

    /** Algorithms of public keys that are looked for among secrets. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448", "DSA", "RSASSA-PSS");

    private PemKeys() {}

    /** Whether a text is meant to be a public key or certificate: PEM, OpenSSH, a JSON Web Key, or DER in Base64. */
    static boolean isPublic(String text) {
        var stripped = text.strip();
        return text.contains("-----BEGIN ")
                || stripped.startsWith("ssh-")
                || stripped.startsWith("ecdsa-sha2-")
                || (stripped.startsWith("{") && stripped.contains("\"kty\""))
                || isPublicDer(stripped);
    }

    private static boolean isPublicDer(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(text.replace("\\n", "\n"));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return isCertificate(bytes) || ALGORITHMS.stream().anyMatch(algorithm -> isPublicKey(algorithm, bytes));
    }

    private static boolean isPublicKey(String algorithm, byte[] der) {
        try {
            KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isCertificate(byte[] der) {
        try {
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Reads a public key or the public key of a certificate.
     *
     * @param algorithm RSA or EC
     * @param text the PEM text; {@code \n} may stand for line breaks, as in environment variables
     * @throws GeneralSecurityException if the text is neither, or the key is of another algorithm
     */
    static PublicKey read(String algorithm, String text) throws GeneralSecurityException {
        var pem = text.replace("\\n", "\n").strip();
        if (pem.startsWith(CERTIFICATE)) {
            var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
            var key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(bytes)
                    .getPublicKey();
            if (!key.getAlgorithm().equals(algorithm)) {
                throw new GeneralSecurityException(
                        "the certificate has a key for " + key.getAlgorithm() + ", not for " + algorithm);
            }
            return key;
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
