package dev.rein.testkit;

/**
 * {@link FakeProvider} as a process of its own, for measuring: the client under test then shares neither heap nor garbage
 * collector with it. Prints {@code listening on http://127.0.0.1:PORT/v1} and serves until it is killed.
 *
 * <pre>
 * java -cp ... dev.rein.testkit.FakeProviderMain [--port 0] [--backlog 16384] [--keep 100000]
 * </pre>
 *
 * It is controlled by requests to the same port, outside of {@code /v1}; they are not recorded themselves.
 *
 * <table>
 * <caption>Control requests</caption>
 * <tr><td>{@code POST /script}</td><td>sets the default script: a JSON object with any of {@code text}, {@code reasoning},
 *   {@code toolCalls} (name, arguments and, if wanted, id), {@code hugeToken} (characters), {@code forever}, {@code dripMillis},
 *   {@code hangAt} (a {@link HangPoint}), {@code hangAfterTokens}, {@code cutAfterTokens}, {@code status} with {@code message}
 *   and {@code retryAfterMillis}, {@code finishReason}, {@code usage} (inputTokens, outputTokens)</td></tr>
 * <tr><td>{@code POST /script/next}</td><td>enqueues such a script for one request</td></tr>
 * <tr><td>{@code GET /exchanges}</td><td>every request: number, request, outcome, hanging, tokensWritten, arrivedAtNanos and,
 *   once the client has closed, closedAtNanos; with {@code ?bodies=true} its body too, with {@code
 *   ?tokenTimes=true} the times of its last 64 tokens, lastTokensAtNanos</td></tr>
 * <tr><td>{@code GET /counts}</td><td>how many there are of each outcome, and the first and last closedAtNanos</td></tr>
 * <tr><td>{@code POST /release}</td><td>releases what hangs</td></tr>
 * <tr><td>{@code POST /reset}</td><td>forgets scripts and requests</td></tr>
 * </table>
 *
 * All times are {@link System#nanoTime()}. On Linux that is {@code CLOCK_MONOTONIC}, which all processes of a machine share:
 * there these times may be compared with {@code nanoTime} of the client's process. Elsewhere they may not.
 *
 * <p>The kernel cuts a backlog down to {@code net.core.somaxconn} (4,096 on most systems).
 */
public final class FakeProviderMain {
    private FakeProviderMain() {}

    /** @param args as above */
    public static void main(String[] args) throws InterruptedException {
        var port = 0;
        var backlog = 16_384;
        var keep = 100_000;
        for (var i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " lacks its value");
            }
            var value = Integer.parseInt(args[i + 1]);
            switch (args[i]) {
                case "--port" -> port = value;
                case "--backlog" -> backlog = value;
                case "--keep" -> keep = value;
                default ->
                    throw new IllegalArgumentException(
                            "unknown option " + args[i] + ": there are --port, --backlog and --keep");
            }
        }
        var provider = FakeProvider.builder()
                .port(port)
                .backlog(backlog)
                .keep(keep)
                .remoteControl(true)
                .start();
        System.out.println("listening on " + provider.baseUrl());
        Thread.currentThread().join();
    }
}
