package dev.rein.openai.internal;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP clients that all models of the process share, one for each connect timeout, which in practice means one. Made on
 * first use and never closed: a model does not own its connections.
 */
final class SharedHttp {

    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Enough for name lookups that hang, each of which holds one thread; idle threads end after half a minute. */
    private static final int MOST_THREADS = 64;

    private static final String FLOW_OF_BYTES = "jdk.internal.net.http.common.SequentialScheduler";

    static {
        // Read once per process, before the first client is made. With the default of 16 KiB a request that waits
        // for its first token holds 32 KiB of heap, with 2 KiB it holds 18: a server waits with thousands of them.
        // Tokens come in pieces far smaller than either.
        if (System.getProperty("jdk.httpclient.bufsize") == null) {
            System.setProperty("jdk.httpclient.bufsize", "2048");
        }
    }

    private static final ConcurrentMap<Duration, HttpClient> CLIENTS = new ConcurrentHashMap<>();

    private SharedHttp() {}

    static HttpClient connectingWithin(Duration timeout) {
        return CLIENTS.computeIfAbsent(timeout, SharedHttp::create);
    }

    private static HttpClient create(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .executor(executor())
                .build();
    }

    /**
     * What the client does with bytes that have come is done right where it reads them: it is short and never blocks, and to
     * hand it to another thread costs more than the work, a sixth of all that a server with a thousand streams does. In a JDK
     * that calls it otherwise it is handed on, as everything else is.
     */
    private static Executor executor() {
        var pool = threads();
        return task -> {
            if (task.getClass().getName().startsWith(FLOW_OF_BYTES)) {
                task.run();
            } else {
                pool.execute(task);
            }
        };
    }

    /**
     * Platform threads, because a stop must not wait for a free carrier. Grows only while all threads are busy: the client's
     * tasks are short, but it looks names up on these threads, and a lookup may hang.
     */
    private static ThreadPoolExecutor threads() {
        var queue = new LinkedTransferQueue<Runnable>() {
            @Override
            public boolean offer(Runnable task) {
                // Refusing what no idle thread takes makes the pool start another one.
                return tryTransfer(task);
            }
        };
        return new ThreadPoolExecutor(
                0,
                MOST_THREADS,
                30,
                TimeUnit.SECONDS,
                queue,
                Thread.ofPlatform().daemon().name("rein-openai-http-", 1).factory(),
                (task, pool) -> queue.put(task));
    }
}
