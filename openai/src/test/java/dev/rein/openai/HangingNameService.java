package dev.rein.openai;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The name service of the tests: that of the system, except that lookups of hosts that begin with {@code hang} block until {@link
 * #release}. Like real lookups, they cannot be interrupted.
 */
public final class HangingNameService extends InetAddressResolverProvider {

    private static final AtomicInteger hanging = new AtomicInteger();
    private static volatile CountDownLatch released = new CountDownLatch(1);

    static int hanging() {
        return hanging.get();
    }

    static void release() {
        released.countDown();
        released = new CountDownLatch(1);
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        var system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                if (host.startsWith("hang")) {
                    hang();
                    throw new UnknownHostException(host);
                }
                return system.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "hanging name service";
    }

    private static void hang() {
        var end = released;
        hanging.incrementAndGet();
        while (true) {
            try {
                end.await();
                hanging.decrementAndGet();
                return;
            } catch (InterruptedException e) {
                // Ignored, as by the system's lookup.
            }
        }
    }
}
