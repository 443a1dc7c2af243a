package dev.rein.cli.client;

import dev.rein.text.PlainText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that a command trusts. */
final class Certificates {
    private Certificates() {}

    /**
     * Trusts the authorities that the JVM knows, and the certificates in a PEM file.
     *
     * @throws IllegalArgumentException if the file cannot be read
     */
    static SSLContext trusting(Path file) {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var index = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("given-" + index++, each);
            }
            if (index == 0) {
                throw new IllegalArgumentException(
                        "the certificate file " + file + " has no certificate: use one in PEM format");
            }
            for (var each : trustManager(null).getAcceptedIssuers()) {
                store.setCertificateEntry("known-" + index++, each);
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, new X509TrustManager[] {trustManager(store)}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the certificate file " + file + " can't be read (" + PlainText.message(e)
                            + "): use one in PEM format",
                    e);
        }
    }

    private static X509TrustManager trustManager(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (var each : factory.getTrustManagers()) {
            if (each instanceof X509TrustManager manager) {
                return manager;
            }
        }
        throw new GeneralSecurityException("this JVM has no trust manager for certificates");
    }
}
