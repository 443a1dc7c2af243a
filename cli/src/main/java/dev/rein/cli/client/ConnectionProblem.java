package dev.rein.cli.client;

import dev.rein.text.PlainText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says in a sentence why no response came, and the way out.
 *
 * @param server the URL of the server
 * @param proxy the proxy; null for none
 * @param timeout of the request
 */
record ConnectionProblem(URI server, @Nullable ProxySettings proxy, Duration timeout) {
    private static final String ADDRESS = "start one with ./rein serve, or set its address with --url or REIN_URL";

    String of(IOException failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return target() + " does not accept a connection: check the address and the network"
                    + (server.getScheme().equals("https") ? "; if the server has no TLS, use http:// with --url" : "")
                    + (proxy == null ? "" : "; " + directly());
        }
        if (failure instanceof HttpTimeoutException) {
            return noResponse();
        }
        var encryption = cause(failure, SSLException.class);
        if (encryption != null) {
            return ofEncryption(encryption);
        }
        if (cause(failure, UnresolvedAddressException.class) != null
                || cause(failure, UnknownHostException.class) != null) {
            return "there is no host "
                    + (proxy == null ? server.getHost() : proxy.address().getHost())
                    + (proxy == null ? ": " + ADDRESS : ", the proxy in " + proxy.variable() + proxyWayOut());
        }
        if (proxy != null) {
            return cause(failure, ConnectException.class) != null
                    ? target() + " does not respond (" + reason(failure) + ")" + proxyWayOut()
                    : "the proxy " + proxy.shown() + " in " + proxy.variable() + " does not connect to " + server + " ("
                            + reason(failure) + ")" + proxyWayOut();
        }
        return "no AgentOS responds at " + server + " (" + reason(failure) + "): " + ADDRESS;
    }

    String noResponse() {
        return server + " did not respond within " + timeout.toMillis() / 1e3
                + " s: it is busy or hangs; try again, or wait longer with --timeout";
    }

    private String ofEncryption(SSLException failure) {
        if (cause(failure, CertificateExpiredException.class) != null) {
            return "the certificate of " + server + " has expired: renew it on the server";
        }
        var message = PlainText.message(failure);
        if (message.contains("No subject alternative") || message.contains("No name matching")) {
            return "the certificate of " + server + " is for another name (" + message
                    + "): use the name in the certificate with --url";
        }
        if (message.contains("PKIX") || cause(failure, CertificateException.class) != null) {
            return "the certificate of " + server
                    + " is not signed by a known authority: pass the certificate, or that of"
                    + " its authority, with --cacert or REIN_CACERT";
        }
        return "no encrypted connection to " + server + " is possible (" + message
                + "): if the server has no TLS, use http:// with --url";
    }

    private String target() {
        return proxy == null ? server.toString() : "the proxy " + proxy.shown() + " in " + proxy.variable();
    }

    private String proxyWayOut() {
        return proxy == null ? "" : ": correct " + proxy.variable() + ", or " + directly();
    }

    private String directly() {
        return "reach the server directly with NO_PROXY=" + server.getHost();
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        var depth = 0;
        for (@Nullable Throwable each = failure; each != null && depth < 20; each = each.getCause(), depth++) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : PlainText.message(failure);
    }
}
