package dev.rein.openai;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The name service of the tests: the system's, but hosts that begin with {@code hang} are looked up until {@link #release}.
 * Like a real lookup, this one can't be interrupted.
 */
public final class HangingNames extends InetAddressResolverProvider {

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
        return "hanging names";
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
                // Deaf, as the system's lookup is.
            }
        }
    }
}
