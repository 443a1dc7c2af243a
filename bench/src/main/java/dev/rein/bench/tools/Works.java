package dev.rein.bench.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.http.HttpTools;
import dev.rein.tools.shell.ShellTools;
import dev.rein.tools.sql.SqlTools;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The kinds of work that the tools of a process do: on a thread, by a request, by a query, and in processes. */
final class Works {
    private Works() {}

    /** A thread that waits. */
    static Work thread() {
        var running = new AtomicInteger();
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var tool = ToolSpec.of("wait", "Waits.", schema, (arguments, context) -> {
            running.incrementAndGet();
            try {
                new CountDownLatch(1).await();
                return "";
            } finally {
                running.decrementAndGet();
            }
        });
        return new Simple(tool, new CallingModel("wait", "{}"), 1, running::get, () -> {});
    }

    /** A request to a server that accepts it and never answers. */
    static Work http() throws IOException {
        var server = new SilentServer();
        return new Simple(
                HttpTools.builder().allowPrivateAddresses(true).build(),
                new CallingModel("http_get", "{\"url\": \"" + server.url() + "\"}"),
                1,
                server::open,
                server);
    }

    /** A query that sleeps. */
    static Work sql() throws IOException {
        var server = EmbeddedPostgres.start();
        var queries = server.getPostgresDatabase();
        return new Simple(
                new SqlTools(queries),
                new CallingModel("query", "{\"sql\": \"select pg_sleep(1000)\"}"),
                1,
                () -> {
                    try (var connection = queries.getConnection();
                            var statement = connection.createStatement();
                            var rows = statement.executeQuery(
                                    "select count(*) from pg_stat_activity where state = 'active'"
                                            + " and query like 'select pg_sleep%'")) {
                        rows.next();
                        return rows.getInt(1);
                    } catch (SQLException e) {
                        throw new IOException("the queries can't be counted", e);
                    }
                },
                server);
    }

    /** A shell command that starts so many other processes. */
    static Work processes(int count) {
        // Nobody else sleeps so long, so this tells the processes from others.
        var mark = "98765." + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000);
        var command = count == 1 ? "exec sleep " + mark : ("sleep " + mark + " & ").repeat(count) + "wait";
        return new Simple(
                new ShellTools(),
                new CallingModel("run_command", "{\"command\": \"" + command + "\"}"),
                count,
                () -> (int) ProcessHandle.current()
                        .descendants()
                        .filter(process ->
                                isSleeping(process.info().commandLine().orElse(""), mark))
                        .count(),
                () -> {});
    }

    /** The shells around it have the mark in their command lines too. */
    private static boolean isSleeping(String commandLine, String mark) {
        var words = commandLine.split(" ", 2);
        return words.length == 2 && words[0].endsWith("sleep") && words[1].equals(mark);
    }

    /** Counts pieces of work. */
    interface Counter {
        int count() throws IOException;
    }

    /** Work that is described by its parts. */
    record Simple(Object tool, CallingModel model, int pieces, Counter counter, AutoCloseable closer) implements Work {
        @Override
        public int running() throws IOException {
            return counter.count();
        }

        @Override
        public void close() throws IOException {
            try {
                closer.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("the work can't be ended", e);
            }
        }
    }
}
