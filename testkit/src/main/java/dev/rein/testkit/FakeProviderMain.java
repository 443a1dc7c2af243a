package dev.rein.testkit;

/**
 * Runs {@link FakeProvider} in a separate process, for benchmarks whose client must not share heap and garbage collector with it. Prints
 * {@code listening on http://127.0.0.1:PORT/v1} and runs until it is killed.
 *
 * <pre>
 * java -cp ... dev.rein.testkit.FakeProviderMain [--port 0] [--backlog 16384] [--keep 100000]
 * </pre>
 *
 * It is controlled by requests to the same port, outside of {@code /v1}, which are not recorded.
 *
 * <table>
 * <caption>Control requests</caption>
 * <tr><td>{@code POST /script}</td><td>sets the default script: a JSON object with any of {@code text}, {@code reasoning},
 *   {@code toolCalls} (name, arguments and, if wanted, id), {@code hugeToken} (characters), {@code forever}, {@code dripMillis},
 *   {@code hangAt} (a {@link HangPoint}), {@code hangAfterTokens}, {@code cutAfterTokens}, {@code status} with {@code message}
 *   and {@code retryAfterMillis}, {@code finishReason}, {@code usage} (inputTokens, outputTokens); instead of
 *   {@code text} and what belongs to it, {@code events} (the data of each, as a string or as JSON) or {@code body}, both with
 *   {@code contentType} if wanted</td></tr>
 * <tr><td>{@code POST /script/next}</td><td>enqueues such a script for one request</td></tr>
 * <tr><td>{@code GET /exchanges}</td><td>returns all exchanges: number, request, outcome, hanging, tokensWritten, arrivedAtNanos and,
 *   if the client has closed the connection, closedAtNanos; with {@code ?bodies=true} also the body, with {@code
 *   ?tokenTimes=true} the times of the last 64 tokens as lastTokensAtNanos</td></tr>
 * <tr><td>{@code GET /counts}</td><td>returns the number of exchanges with each outcome, and the first and last closedAtNanos</td></tr>
 * <tr><td>{@code POST /release}</td><td>releases all exchanges that hang</td></tr>
 * <tr><td>{@code POST /reset}</td><td>forgets scripts and requests</td></tr>
 * </table>
 *
 * All times are values of {@link System#nanoTime()}. On Linux these are comparable between the processes of a machine, because they come
 * from {@code CLOCK_MONOTONIC}; on other systems they are not.
 *
 * <p>The operating system limits the backlog to {@code net.core.somaxconn} (usually 4,096).
 */
public final class FakeProviderMain {
    private FakeProviderMain() {}

    /** @param args the options; see the description of this class */
    public static void main(String[] args) throws InterruptedException {
        var port = 0;
        var backlog = 16_384;
        var keep = 100_000;
        for (var i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("option " + args[i] + " has no value");
            }
            var value = Integer.parseInt(args[i + 1]);
            switch (args[i]) {
                case "--port" -> port = value;
                case "--backlog" -> backlog = value;
                case "--keep" -> keep = value;
                default ->
                    throw new IllegalArgumentException(
                            "unknown option " + args[i] + ": the options are --port, --backlog and --keep");
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
