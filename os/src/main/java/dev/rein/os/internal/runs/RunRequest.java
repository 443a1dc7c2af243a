package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Ids;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequestValues;
import dev.rein.os.internal.wire.RunMarks;
import dev.rein.queue.DurableOptions;
import dev.rein.run.RunData;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request that starts a run.
 *
 * @param input the message with its attachments
 * @param sessionId the session; a new one if none was given
 * @param userId the user; null if unknown
 * @param runId the id of the run; null for a new one
 * @param stream whether the response is the stream of events
 * @param background whether it outlives the request
 * @param streamEvents whether to stream all events instead of little more than the text
 * @param onDisconnect what happens to the run when the client disconnects
 * @param sessionState values that override those of the session state
 * @param metadata metadata stored with the run
 * @param dependencies data for the code of the run, which is not stored
 * @param addDependencies whether the model is told them
 * @param answerType the JSON schema that the answer must match; null for what the component answers with
 * @param follows the ended run that it follows up; null for none
 * @param idempotencyKey the key by which a repeated request is recognized; null for none
 */
public record RunRequest(
        RunInput input,
        String sessionId,
        @Nullable String userId,
        @Nullable String runId,
        boolean stream,
        boolean background,
        boolean streamEvents,
        DisconnectPolicy onDisconnect,
        Map<String, Object> sessionState,
        Map<String, Object> metadata,
        Map<String, Object> dependencies,
        boolean addDependencies,
        @Nullable TypeRef<JsonNode> answerType,
        @Nullable String follows,
        @Nullable String idempotencyKey) {
    /** The header with the idempotency key of a durable run. */
    static final Param KEY = Param.header("Idempotency-Key")
            .upTo(DurableOptions.MAX_KEY_LENGTH)
            .description("With background=true: requests of a user with the same key are the same run");

    /** @param longest the maximum length of a message */
    static List<Param> params(int longest) {
        return List.of(
                Param.form("message").require().upTo(longest).description("Input of the run"),
                Param.form("stream").flag(true).description("Whether to stream the events"),
                Param.form("session_id")
                        .id()
                        .upTo(RunOptions.MAX_ID_LENGTH)
                        .description("Session of the run; default: a new one"),
                Param.form("user_id").id().upTo(RunOptions.MAX_ID_LENGTH).description("User of the run"),
                Param.form("files")
                        .type(Param.Type.FILE)
                        .list()
                        .description("Images, text files, and the types of files that the model takes, such as PDF"),
                Param.form("files_metadata").description("JSON array of metadata, in the order of the files"),
                Param.form("version").integer(),
                Param.form("background")
                        .flag(false)
                        .description("Whether to run in the background, independent of the request"),
                Param.form("factory_input"),
                Param.form("on_disconnect")
                        .oneOf("cancel", "continue", "cancel_after")
                        .description(
                                "What happens when the client disconnects. Default: the setting of the server for a"
                                        + " foreground run, continue for a background run. Without a stream a disconnect can't be detected and only"
                                        + " continue is allowed"),
                Param.form("cancel_after").integer(30).description("Delay in seconds for on_disconnect=cancel_after"));
    }

    /** @param onDisconnect the policy of a run in the foreground for which the client names none */
    static RunRequest of(HttpCall call, Component component, DisconnectPolicy onDisconnect) {
        var others = call.others();
        var background = call.flag("background");
        var stream = call.flag("stream");
        var sessionId = notBlank(call.text("session_id"));
        return new RunRequest(
                Attachments.input(call, fileTypes(component)),
                sessionId == null ? UUID.randomUUID().toString() : sessionId,
                call.caller().user(notBlank(call.text("user_id"))),
                runId(others.get("run_id")),
                stream,
                background,
                streamEvents(call),
                policy(call, stream, background, onDisconnect),
                object("session_state", others.get("session_state")),
                metadata(others.get("metadata")),
                dependencies(call),
                !(component instanceof Workflow) && "true".equals(lower(others.get("add_dependencies_to_context"))),
                schema(others.get("output_schema")),
                null,
                notBlank(call.text(KEY.name())));
    }

    /** The types of files that the model of the component takes. The steps of a workflow have models of their own, which refuse others. */
    private static Set<String> fileTypes(Component component) {
        return switch (component) {
            case Agent agent -> agent.settings().model().fileTypes();
            case Team team -> team.settings().leader().model().fileTypes();
            default -> Set.of("application/pdf", "audio/*", "video/*");
        };
    }

    /** A request that follows up an ended run of the session that the client names, by default as its user. */
    static RunRequest followUp(HttpCall call, RunData ended, String input, DisconnectPolicy onDisconnect) {
        var user = call.caller().user(notBlank(call.text("user_id")));
        var background = call.flag("background");
        return new RunRequest(
                RunInput.of(input),
                call.required("session_id"),
                user == null ? ended.userId() : user,
                null,
                call.flag("stream"),
                background,
                streamEvents(call),
                background ? DisconnectPolicy.CONTINUE : onDisconnect,
                Map.of(),
                Map.of(),
                dependencies(call),
                "true".equals(lower(call.others().get("add_dependencies_to_context"))),
                schema(call.others().get("output_schema")),
                ended.runId(),
                notBlank(call.text(KEY.name())));
    }

    /** The dependencies that a request gives a run, new or resumed. */
    static Map<String, Object> dependencies(HttpCall call) {
        return object("dependencies", call.others().get("dependencies"));
    }

    private static @Nullable TypeRef<JsonNode> schema(@Nullable String json) {
        if (json == null || json.isBlank() || json.equals("null")) {
            return null;
        }
        var tree = RequestValues.parse(json);
        if (tree == null || !tree.isObject()) {
            throw Problem.of(422, "Invalid output_schema: expected a JSON schema, which is an object");
        }
        try {
            return TypeRef.ofSchema(tree);
        } catch (IllegalArgumentException e) {
            throw Problem.of(422, "Invalid output_schema: " + e.getMessage());
        }
    }

    private static boolean streamEvents(HttpCall call) {
        return !"false".equals(lower(call.others().get("stream_events")));
    }

    private static Map<String, Object> metadata(@Nullable String json) {
        var metadata = object("metadata", json);
        if (metadata.keySet().stream().anyMatch(RunMarks::isMark)) {
            throw Problem.of(422, "Invalid metadata: names that begin with " + RunMarks.PREFIX + " are reserved");
        }
        return metadata;
    }

    private static @Nullable String runId(@Nullable String given) {
        return given == null || given.isBlank() ? null : Ids.require("run_id", given);
    }

    /** Blank fields count as missing. */
    private static @Nullable String notBlank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static DisconnectPolicy policy(
            HttpCall call, boolean stream, boolean background, DisconnectPolicy onDisconnect) {
        var asked = call.text("on_disconnect");
        if (asked == null) {
            return background ? DisconnectPolicy.CONTINUE : onDisconnect;
        }
        if (!stream && !asked.equals("continue")) {
            throw Problem.badRequest("on_disconnect=" + asked + " needs stream=true: without a stream nothing is sent"
                    + " until the run has ended, so that nobody notices that the client has gone");
        }
        var seconds = call.integer("cancel_after");
        return switch (asked) {
            case "cancel" -> DisconnectPolicy.CANCEL;
            case "continue" -> DisconnectPolicy.CONTINUE;
            default ->
                DisconnectPolicy.cancelAfter(Duration.ofSeconds(Math.clamp(seconds == null ? 0 : seconds, 0, 86_400)));
        };
    }

    private static Map<String, Object> object(String name, @Nullable String json) {
        if (json == null || json.isBlank() || json.equals("null")) {
            return Map.of();
        }
        var tree = RequestValues.parse(json);
        if (tree == null || !tree.isObject()) {
            throw Problem.of(422, "Invalid " + name + ": expected a JSON object");
        }
        return RequestValues.map(tree);
    }

    RunOptions options() {
        var options = RunOptions.defaults()
                .sessionId(sessionId)
                .userId(userId)
                .sessionState(sessionState)
                .metadata(RunMarks.add(metadata, streamEvents, follows))
                .dependencies(dependencies)
                .addDependencies(addDependencies)
                .follows(follows)
                .onDisconnect(DisconnectPolicy.CONTINUE)
                .bypassQueue(!background);
        return runId == null ? options : options.runId(runId);
    }
}
