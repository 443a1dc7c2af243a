package dev.rein.tools.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.security.Security;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The names of an attacker, for the JVM of the tests: those that end with {@code .rebind.test} have a public address at their first lookup
 * and the loopback address afterwards. All others are looked up as usual.
 */
public final class RebindingNames extends InetAddressResolverProvider {
    private static final Map<String, AtomicInteger> LOOKUPS = new ConcurrentHashMap<>();

    /** Of the deprecated anycast of 6to4: nobody answers. */
    private static final byte[] PUBLIC = {(byte) 192, 88, 99, 1};

    static int lookups(String name) {
        return LOOKUPS.getOrDefault(name, new AtomicInteger()).get();
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        // The names of an attacker are not cached; and this is before the first name is.
        Security.setProperty("networkaddress.cache.ttl", "0");
        var usual = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                if (!host.endsWith(".rebind.test")) {
                    return usual.lookupByName(host, policy);
                }
                var count = LOOKUPS.computeIfAbsent(host, name -> new AtomicInteger())
                        .incrementAndGet();
                return Stream.of(InetAddress.getByAddress(host, count == 1 ? PUBLIC : new byte[] {127, 0, 0, 1}));
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return usual.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "rebinding names";
    }
}
