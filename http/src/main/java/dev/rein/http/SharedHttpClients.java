package dev.rein.http;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients that all endpoints in the process share: one for each connect timeout and proxy, so in practice one. Created on first
 * use and never closed, because endpoints do not own connections.
 */
final class SharedHttpClients {

    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Allows for hanging name lookups, each of which blocks one thread. Idle threads end after 30 s. */
    private static final int MAX_THREADS = 64;

    /** Prefix of the names of the JDK client's tasks that process received bytes. */
    private static final String RECEIVING_TASKS = "jdk.internal.net.http.common.SequentialScheduler";

    static {
        // The JDK reads this once per process, before the first client is created. A request that waits for its first
        // token occupies 32 KiB of heap with the default of 16 KiB, and 18 KiB with 2 KiB; a server may have thousands
        // of them. Tokens arrive in chunks that are far smaller than either.
        if (System.getProperty("jdk.httpclient.bufsize") == null) {
            System.setProperty("jdk.httpclient.bufsize", "2048");
        }
    }

    private record Key(Duration connectTimeout, @Nullable InetSocketAddress proxy) {}

    private static final ConcurrentMap<Key, HttpClient> CLIENTS = new ConcurrentHashMap<>();

    private SharedHttpClients() {}

    /** @param proxy null for the proxy of the system properties, if any */
    static HttpClient get(Duration connectTimeout, @Nullable InetSocketAddress proxy) {
        return CLIENTS.computeIfAbsent(new Key(connectTimeout, proxy), SharedHttpClients::create);
    }

    private static HttpClient create(Key key) {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(key.connectTimeout)
                .executor(executor());
        if (key.proxy != null) {
            client.proxy(ProxySelector.of(key.proxy));
        }
        return client.build();
    }

    /**
     * Runs the tasks that process received bytes on the thread that reads them: they are short and never block, and handing them to
     * another thread costs more than the work itself (a sixth of all CPU time in a server with a thousand streams). In a JDK that names
     * these tasks differently, they run in the pool like all others.
     */
    private static Executor executor() {
        var pool = threads();
        return task -> {
            if (task.getClass().getName().startsWith(RECEIVING_TASKS)) {
                task.run();
            } else {
                pool.execute(task);
            }
        };
    }

    /**
     * Platform threads, because a stop must not wait for a free carrier thread. The pool grows only while all threads are busy: most
     * tasks are short, but name lookups also run here, and may hang.
     */
    private static ThreadPoolExecutor threads() {
        var queue = new LinkedTransferQueue<Runnable>() {
            @Override
            public boolean offer(Runnable task) {
                // The pool starts another thread when the queue refuses a task.
                return tryTransfer(task);
            }
        };
        return new ThreadPoolExecutor(
                0,
                MAX_THREADS,
                30,
                TimeUnit.SECONDS,
                queue,
                Thread.ofPlatform().daemon().name("rein-http-", 1).factory(),
                (task, pool) -> queue.put(task));
    }
}
