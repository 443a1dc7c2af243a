package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.text.PlainText;
import dev.rein.tools.internal.process.ProcessSecrets;
import dev.rein.tools.shell.ProcessTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server program that reads requests from its standard input and writes responses to its standard output, each on a line. Three platform
 * threads serve its pipes, because a read of a pipe would occupy the carrier of a virtual thread.
 */
final class StdioSession extends McpSession {
    private static final Logger log = LoggerFactory.getLogger(StdioSession.class);
    private static final int MAX_QUEUED = 10_000;
    private static final int MAX_ANSWERS = 100;
    private static final int MAX_LOGGED = 200;
    private static final int MAX_ERROR_LINE = 1 << 20;
    private static final long EXIT_MILLIS = 1_000;
    private static final long DRAIN_MILLIS = 250;

    private final String program;
    private final ProcessTree tree;
    private final ErrorOutput errors;
    private final BlockingQueue<Outgoing> outgoing = new LinkedBlockingQueue<>(MAX_QUEUED);
    private final Thread reader;
    private final Thread errorReader;
    private final AtomicInteger queuedAnswers = new AtomicInteger();
    private final AtomicBoolean hasLostMessages = new AtomicBoolean();
    private boolean hasLoggedForeignLine;

    /**
     * A message for the server.
     *
     * @param message null for the end of the input
     * @param exchange null if the message is no request
     * @param isAnswer whether it answers a request of the server
     */
    private record Outgoing(
            @Nullable ObjectNode message, @Nullable Exchange exchange, boolean isAnswer) {}

    private StdioSession(
            String program,
            ProcessTree tree,
            Collection<String> secrets,
            Runnable listChanged,
            ServerRequests offered) {
        super(listChanged, offered);
        this.program = program;
        this.tree = tree;
        this.errors = new ErrorOutput(secrets);
        this.reader = thread("output", this::readOutput);
        this.errorReader = thread("errors", this::readErrors);
    }

    /** @param secrets texts that must not appear in error messages */
    static StdioSession start(
            ProcessBuilder builder, Collection<String> secrets, Runnable listChanged, ServerRequests offered)
            throws IOException {
        ProcessSecrets.hide();
        var tree = ProcessTree.start(builder);
        var session = new StdioSession(builder.command().getFirst(), tree, secrets, listChanged, offered);
        try {
            session.errorReader.start();
            session.reader.start();
            session.thread("input", session::writeInput).start();
        } catch (Error e) {
            // No thread could be started.
            tree.kill();
            throw e;
        }
        var _ = session.tree.process().onExit().thenRun(() -> Thread.ofVirtual().start(session::exited));
        return session;
    }

    private Thread thread(String role, Runnable task) {
        return Thread.ofPlatform().daemon().name("rein-mcp-" + role).unstarted(task);
    }

    @Override
    void send(Exchange exchange, Map<String, String> headers) {
        if (!outgoing.offer(new Outgoing(exchange.message(), exchange, false))) {
            exchange.fail(new IOException("the MCP server " + program + " does not read its input"));
        }
    }

    @Override
    void notify(ObjectNode message) {
        if (!outgoing.offer(new Outgoing(message, null, false))) {
            logLost();
        }
    }

    @Override
    void answer(ObjectNode message, Map<String, String> headers) {
        if (queuedAnswers.incrementAndGet() > MAX_ANSWERS || !outgoing.offer(new Outgoing(message, null, true))) {
            queuedAnswers.decrementAndGet();
            logLost();
        }
    }

    private void logLost() {
        if (hasLostMessages.compareAndSet(false, true)) {
            log.warn("The MCP server {} does not read its input as fast as it must: messages are lost", program);
        }
    }

    private void writeInput() {
        try (var input = tree.process().getOutputStream()) {
            while (isOpen()) {
                // Wakes up after the end of the program, when nothing is put into the queue any more.
                var next = outgoing.poll(EXIT_MILLIS, TimeUnit.MILLISECONDS);
                if (next == null) {
                    continue;
                }
                if (next.message() == null) {
                    return;
                }
                if (next.isAnswer()) {
                    queuedAnswers.decrementAndGet();
                }
                if (next.exchange() != null && !next.exchange().begin()) {
                    continue;
                }
                write(input, next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("The input of MCP server {} is closed", program, e);
        }
    }

    private void write(OutputStream input, Outgoing next) throws IOException {
        try {
            input.write((next.message() + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            // A request without its last bytes is none.
            if (next.exchange() != null) {
                next.exchange().takeBack();
            }
            // A program that reads nothing any more is of no use, even if it still runs. The session is marked first:
            // a caller that hears of its exchange tries again at once, and must not find this session.
            end(inputClosed());
            throw e;
        }
    }

    /** The input of a program that has ended is closed too, which may be noticed first. */
    private String inputClosed() {
        var process = tree.process();
        try {
            if (process.waitFor(DRAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                join(errorReader);
                return "the server program has ended with exit code " + process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "the MCP server " + program + " has closed its input";
    }

    private void readOutput() {
        try (var output = tree.process().getInputStream()) {
            var lines = new ByteLines(output, JsonRpc.MAX_MESSAGE);
            for (var line = lines.next(); line != null; line = lines.next()) {
                var message = JsonRpc.parse(line);
                if ((message == null || !receive(message)) && !line.isBlank()) {
                    logForeign(line);
                }
            }
        } catch (IOException e) {
            if (tree.process().isAlive()) {
                end(PlainText.message(e));
                return;
            }
        }
        // A program that ends closes its output a moment before its exit code is known.
        awaitExit(DRAIN_MILLIS);
        ended();
    }

    private void logForeign(String line) {
        if (hasLoggedForeignLine) {
            log.debug("MCP server {} wrote: {}", program, line);
        } else {
            hasLoggedForeignLine = true;
            log.warn(
                    "The MCP server {} writes to its standard output what is no message of the protocol; such lines are"
                            + " skipped. The first one is: {}",
                    program,
                    line.length() > MAX_LOGGED ? line.substring(0, MAX_LOGGED) + "..." : line);
        }
    }

    private void readErrors() {
        try (var output = tree.process().getErrorStream()) {
            var lines = new ByteLines(output, MAX_ERROR_LINE);
            for (var line = lines.next(); line != null; line = lines.next()) {
                log.debug("MCP server {}: {}", program, line);
                errors.add(line);
            }
        } catch (IOException e) {
            log.debug("The error output of MCP server {} is not read any more", program, e);
        }
    }

    private void exited() {
        // What the program wrote before its end is read first, unless a program that it has started holds the pipe
        // open.
        join(reader);
        ended();
    }

    private void ended() {
        join(errorReader);
        var process = tree.process();
        end("the server program has ended"
                + (process.isAlive() ? " its output" : " with exit code " + process.exitValue()));
    }

    private void end(String reason) {
        fail(new IOException(reason + errors.describe()));
        // The thread that writes waits for a message.
        outgoing.offer(new Outgoing(null, null, false));
        tree.kill();
    }

    private static void join(Thread thread) {
        try {
            thread.join(DRAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitExit(long millis) {
        try {
            if (!tree.process().waitFor(millis, TimeUnit.MILLISECONDS)) {
                log.debug("MCP server {} still runs", program);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the input, which asks the program to end, and ends it after a second. */
    @Override
    void close() {
        if (isOpen() && outgoing.offer(new Outgoing(null, null, false))) {
            awaitExit(EXIT_MILLIS);
        }
        fail(new IOException("the connection to MCP server " + program + " is closed"));
        tree.kill();
    }
}
