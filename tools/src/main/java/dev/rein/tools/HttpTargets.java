package dev.rein.tools;

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
 * Which addresses a model may have asked.
 *
 * @param allowPrivate whether also those that are not public
 * @param hosts names, or {@code *.} and a name; empty for any
 */
record HttpTargets(boolean allowPrivate, List<String> hosts) {

    /** @throws ToolArgumentException if it may not be asked; the message is meant for the model */
    void require(URI uri, Cancellation cancellation, Duration timeout) throws IOException {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new ToolArgumentException(
                    "\"" + uri + "\" is not asked: give a URL that begins with http:// or https://");
        }
        var host = uri.getHost();
        if (host == null) {
            throw new ToolArgumentException("\"" + uri + "\" has no host: give a URL such as https://example.org/a");
        }
        if (!hosts.isEmpty() && hosts.stream().noneMatch(allowed -> matches(host, allowed))) {
            throw new ToolArgumentException("host \"" + host + "\" is not allowed here: allowed are " + hosts);
        }
        if (!allowPrivate) {
            // The JVM keeps what it looked up for 30 s (networkaddress.cache.ttl), so what is asked is what was
            // checked.
            for (var address : lookUp(host, cancellation, timeout)) {
                if (!isPublic(address)) {
                    throw new ToolArgumentException("\"" + uri + "\" is not asked: " + address.getHostAddress()
                            + " is an address of this machine or of a private network");
                }
            }
        }
    }

    private static boolean matches(String host, String allowed) {
        return allowed.startsWith("*.")
                ? host.toLowerCase(Locale.ROOT).endsWith(allowed.substring(1).toLowerCase(Locale.ROOT))
                : host.equalsIgnoreCase(allowed);
    }

    // A look-up can't be stopped: it is left behind on a thread of its own, which the system's time-out ends.
    private static InetAddress[] lookUp(String host, Cancellation cancellation, Duration timeout) throws IOException {
        var lookUp = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("rein-dns").start(lookUp);
        try {
            return cancellation.await(lookUp, timeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw new IOException("there is no host \"" + host + "\"", e);
            }
            throw new IOException("host \"" + host + "\" could not be looked up: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("host \"" + host + "\" was not found within " + timeout.toSeconds() + " s", e);
        }
    }

    /** Whether an address belongs to the internet at large, by the registries of RFC 6890. */
    static boolean isPublic(InetAddress address) {
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
        // Only 2000::/3 is given out; Teredo and the examples of the documentation are in it.
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
