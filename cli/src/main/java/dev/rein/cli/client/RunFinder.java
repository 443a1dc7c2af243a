package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the runs of an AgentOS. */
final class RunFinder {
    /**
     * The location of a run.
     *
     * @param kind the type of component
     * @param componentId the component's id
     * @param runId the run's id
     * @param sessionId the session, which isolated callers must name; null if unknown
     */
    record Location(
            ComponentType kind,
            String componentId,
            String runId,
            @Nullable String sessionId) {
        /** The path of the run. */
        String path() {
            return kind.path(componentId) + "/runs/" + OsClient.encoded(runId);
        }
    }

    private RunFinder() {}

    /** The live runs, oldest first, each followed by its descendants. */
    static List<JsonNode> listLive(OsClient client) throws InterruptedException {
        var all = new ArrayList<JsonNode>();
        client.get("/runs").path("data").forEach(all::add);
        var ordered = new ArrayList<JsonNode>();
        for (var run : all) {
            if (run.path("parent_run_id").isNull()) {
                addTree(run, all, ordered);
            }
        }
        // Runs whose parent has just ended.
        all.stream().filter(run -> !ordered.contains(run)).forEach(ordered::add);
        return ordered;
    }

    private static void addTree(JsonNode run, List<JsonNode> all, List<JsonNode> ordered) {
        ordered.add(run);
        for (var each : all) {
            if (each.path("parent_run_id").equals(run.path("run_id"))) {
                addTree(each, all, ordered);
            }
        }
    }

    static Optional<Location> findLive(OsClient client, String runId) throws InterruptedException {
        for (var run : client.get("/runs").path("data")) {
            if (run.path("run_id").asText().equals(runId)) {
                return Optional.of(new Location(
                        ComponentType.of(run.path("type").asText()),
                        run.path("component_id").asText(),
                        runId,
                        run.path("session_id").textValue()));
            }
        }
        return Optional.empty();
    }

    /**
     * An ended run with its events; must be closed.
     *
     * @param location the run's location
     * @param first the first event
     * @param rest the following events
     */
    record EndedRun(Location location, EventFrame first, EventReader rest) implements AutoCloseable {
        @Override
        public void close() {
            rest.close();
        }
    }

    /**
     * Finds an ended run by requesting its events from every served component.
     *
     * @param form selects the events
     * @param notes receives what the user should know about the stream
     */
    static Optional<EndedRun> findEnded(OsClient client, String runId, FormBody form, Consumer<String> notes)
            throws InterruptedException {
        for (var kind : ComponentType.values()) {
            for (var component : client.get("/" + kind.word() + "s")) {
                var location = new Location(kind, component.path("id").asText(), runId, null);
                var frames = client.stream(location.path() + "/resume", form, notes);
                var first = frames.next();
                if (first != null && !first.event().equals("error")) {
                    return Optional.of(new EndedRun(location, first, frames));
                }
                frames.close();
            }
        }
        return Optional.empty();
    }
}
