package dev.rein.tools.internal.http;

import dev.rein.cancel.Cancellation;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Decides to which addresses a model may send requests.
 *
 * @param allowPrivate whether non-public addresses are allowed
 * @param hosts the allowed hosts: names, or {@code *.} followed by a domain; empty for all
 */
public record HttpTargets(boolean allowPrivate, List<String> hosts) {

    /** @throws ToolArgumentException if requests to the host of the URI are not allowed; the message is written for the model */
    void requireAllowed(URI uri) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new ToolArgumentException(
                    "\"" + uri + "\" is not allowed: use a URL that begins with http:// or https://");
        }
        var host = uri.getHost();
        if (host == null) {
            throw new ToolArgumentException("\"" + uri + "\" has no host: use a URL such as https://example.org/a");
        }
        if (!hosts.isEmpty() && hosts.stream().noneMatch(allowed -> matches(host, allowed))) {
            throw new ToolArgumentException("host \"" + host + "\" is not allowed: the allowed hosts are " + hosts);
        }
    }

    /**
     * The addresses of an allowed host. A request must be sent to one of them without another lookup, whose result may differ.
     *
     * @throws ToolArgumentException if requests to one of the addresses are not allowed
     */
    List<InetAddress> addresses(URI uri, Cancellation cancellation, Duration timeout) throws IOException {
        var addresses = List.of(lookUp(uri.getHost(), cancellation, timeout));
        for (var address : addresses) {
            if (!allowPrivate && !isPublic(address)) {
                throw new ToolArgumentException("\"" + uri + "\" is not allowed: " + address.getHostAddress()
                        + " is an address of this machine or of a private network");
            }
        }
        return addresses;
    }

    private static boolean matches(String host, String allowed) {
        return allowed.startsWith("*.")
                ? host.toLowerCase(Locale.ROOT).endsWith(allowed.substring(1).toLowerCase(Locale.ROOT))
                : host.equalsIgnoreCase(allowed);
    }

    // A name lookup cannot be stopped: it continues on a separate thread until the operating system's timeout.
    private static InetAddress[] lookUp(String host, Cancellation cancellation, Duration timeout) throws IOException {
        var lookUp = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("rein-dns").start(lookUp);
        try {
            return cancellation.await(lookUp, timeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw new IOException("host \"" + host + "\" does not exist", e);
            }
            throw new IOException("host \"" + host + "\" could not be looked up: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the lookup of host \"" + host + "\" timed out after " + timeout.toSeconds() + " s", e);
        }
    }

    /** Whether an address is globally reachable according to the registries of RFC 6890. */
    public static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        int third = bytes[2] & 0xFF;
        return first != 0
                && first < 240
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 192 && second == 0 && (third == 0 || third == 2))
                && !(first == 198 && (second == 18 || second == 19))
                && !(first == 198 && second == 51 && third == 100)
                && !(first == 203 && second == 0 && third == 113);
    }

    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        int second = (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
        if (first == 0x64 && second == 0xFF9B) {
            return isPublicEmbedded(bytes, 12);
        }
        if (first == 0x2002) {
            return isPublicEmbedded(bytes, 2);
        }
        // Only 2000::/3 is allocated; Teredo and the prefix for documentation are parts of it.
        return (first & 0xE000) == 0x2000 && !(first == 0x2001 && (second == 0 || second == 0xDB8));
    }

    private static boolean isPublicEmbedded(byte[] bytes, int from) {
        try {
            return isPublic(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException notFourBytes) {
            return false;
        }
    }
}
