package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs that are live in an AgentOS. */
final class LiveRuns {
    /**
     * Where a run is.
     *
     * @param kind what runs
     * @param componentId its id
     * @param runId the run
     */
    record Place(Kind kind, String componentId, String runId) {
        /** The path of the run. */
        String path() {
            return kind.path(componentId) + "/runs/" + OsClient.encoded(runId);
        }
    }

    private LiveRuns() {}

    /** Oldest first, but each followed by those below it. */
    static List<JsonNode> all(OsClient client) throws InterruptedException {
        var all = new ArrayList<JsonNode>();
        client.get("/runs").path("data").forEach(all::add);
        var ordered = new ArrayList<JsonNode>();
        for (var run : all) {
            if (run.path("parent_run_id").isNull()) {
                addTree(run, all, ordered);
            }
        }
        // Those whose parent has just gone.
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

    static Optional<Place> find(OsClient client, String runId) throws InterruptedException {
        for (var run : client.get("/runs").path("data")) {
            if (run.path("run_id").asText().equals(runId)) {
                return Optional.of(new Place(
                        Kind.of(run.path("type").asText()),
                        run.path("component_id").asText(),
                        runId));
            }
        }
        return Optional.empty();
    }

    /** Where a run that is no longer live might be: every component that is served. */
    static List<Place> guesses(OsClient client, String runId) throws InterruptedException {
        var places = new ArrayList<Place>();
        for (var kind : Kind.values()) {
            for (var component : client.get("/" + kind.word() + "s")) {
                places.add(new Place(kind, component.path("id").asText(), runId));
            }
        }
        return places;
    }
}
