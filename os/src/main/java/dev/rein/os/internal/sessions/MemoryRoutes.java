package dev.rein.os.internal.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Paging;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.session.MemoryQuery;
import dev.rein.session.MemoryStore;
import dev.rein.session.UserMemory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Routes for user memories. */
public final class MemoryRoutes {
    private static final String TAG = "Memories";
    private static final int MAX_TEXT = 64 << 10;
    private static final int MAX_TOPIC = 200;
    private static final int MAX_TOPICS = 100;

    private final StoreAccess stored;

    public MemoryRoutes(StoreAccess stored) {
        this.stored = stored;
    }

    private static Param[] content() {
        return new Param[] {
            Param.json("memory").require().upTo(MAX_TEXT),
            Param.json("user_id").id(),
            Param.json("topics").list().upTo(MAX_TOPIC)
        };
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.add(Route.post("/memories", TAG, "Create a memory", this::create)
                .takes(SessionAccess.db())
                .takes(content())
                .answers(200, "Memory")
                .fails(400, 422));
        routes.add(Route.get("/memories", TAG, "List memories", this::list)
                .takes(SessionAccess.USER, Param.query("agent_id"), Param.query("team_id"))
                .takes(Param.query("search_content").description("Text that the memory contains"))
                .takes(Param.query("topics").list().description("Topic of the memory; may be repeated"))
                .takes(Paging.params(20))
                .takes(
                        Param.query("sort_by")
                                .defaultsTo("updated_at")
                                .description("Sort key: updated_at or created_at"),
                        Param.query("sort_order").defaultsTo("desc").oneOf("asc", "desc"))
                .takes(SessionAccess.db())
                .answers(200, "PaginatedMemories")
                .fails(400, 422));
        routes.add(Route.delete("/memories", TAG, "Delete memories", this::deleteMany)
                .takes(SessionAccess.db())
                .takes(
                        Param.json("memory_ids").id().list().require(),
                        Param.json("user_id").id())
                .answers(204, "")
                .fails(400, 422));
        var one = "/memories/{memory_id}";
        routes.add(Route.get(one, TAG, "Get a memory", this::get)
                .takes(SessionAccess.USER)
                .takes(SessionAccess.db())
                .answers(200, "Memory")
                .fails(404));
        routes.add(Route.patch(one, TAG, "Update a memory", this::patch)
                .takes(SessionAccess.db())
                .takes(content())
                .answers(200, "Memory")
                .fails(400, 404, 422));
        routes.add(Route.delete(one, TAG, "Delete a memory", this::delete)
                .takes(SessionAccess.USER)
                .takes(SessionAccess.db())
                .answers(204, "")
                .fails(404));
        routes.add(Route.get("/memory_topics", TAG, "List topics of memories", this::topics)
                .takes(SessionAccess.USER)
                .takes(SessionAccess.db())
                .answers(200, "Topics")
                .fails(400));
        routes.add(Route.get("/user_memory_stats", TAG, "Count memories per user", this::users)
                .takes(Paging.params(20))
                .takes(SessionAccess.USER)
                .takes(SessionAccess.db())
                .answers(200, "PaginatedUserStats")
                .fails(400, 422));
        routes.add(Route.post("/optimize-memories", TAG, "Not available", _ -> {
                    throw Problem.unsupported("Memories can't be optimized: no model is configured for it");
                })
                .hidden());
        return routes;
    }

    private MemoryStore store() {
        if (stored.store() instanceof MemoryStore memories) {
            return memories;
        }
        throw Problem.unsupported("Memories not available: the `store` of this AgentOS keeps none");
    }

    private static ObjectNode json(UserMemory memory) {
        var json = WireJson.object().put("memory_id", memory.memoryId()).put("memory", memory.text());
        var topics = json.putArray("topics");
        memory.topics().forEach(topics::add);
        return json.put("agent_id", memory.agentId())
                .put("team_id", memory.teamId())
                .put("user_id", memory.userId())
                .put("updated_at", seconds(memory.updatedAt()));
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static List<String> topics(HttpCall call, String name) {
        var topics = call.texts(name);
        if (topics.size() > MAX_TOPICS) {
            throw Problem.badRequest("topics are " + topics.size() + ": give at most " + MAX_TOPICS);
        }
        return topics;
    }

    private void create(HttpCall call) {
        var memory = UserMemory.of(
                UUID.randomUUID().toString(),
                call.required("memory"),
                topics(call, "topics"),
                call.caller().user(call.text("user_id")),
                Instant.now());
        put(call, memory);
    }

    private void put(HttpCall call, UserMemory memory) {
        StoreAccess.orBadRequest(() -> {
            store().put(memory);
            return memory;
        });
        call.answer(json(memory));
    }

    private void list(HttpCall call) {
        var startedAt = System.nanoTime();
        if (SessionAccess.seesNothing(call)) {
            call.answer(Paging.empty(call));
            return;
        }
        var query = MemoryQuery.all()
                .userId(SessionAccess.user(call))
                .agentId(call.text("agent_id"))
                .teamId(call.text("team_id"))
                .text(call.text("search_content"))
                .topics(topics(call, "topics"))
                .sort("created_at".equals(call.text("sort_by")), "asc".equals(call.text("sort_order")))
                .page(Paging.page(call), Paging.limit(call));
        var page = StoreAccess.orBadRequest(() -> store().memories(query));
        var data = WireJson.array();
        page.items().forEach(memory -> data.add(json(memory)));
        call.answer(Paging.answer(data, page, startedAt));
    }

    /** @throws Problem 404 if the memory does not exist or belongs to another user */
    private UserMemory require(HttpCall call) {
        var id = call.path("memory_id");
        var notFound = Problem.notFound("Memory with ID " + id + " not found");
        try {
            var user = SessionAccess.user(call);
            return store().memory(id)
                    .filter(memory -> call.caller().sees(memory.userId()))
                    .filter(memory -> user == null || user.equals(memory.userId()))
                    .orElseThrow(() -> notFound);
        } catch (IllegalArgumentException e) {
            throw notFound;
        }
    }

    private void get(HttpCall call) {
        call.answer(json(require(call)));
    }

    /** Keeps the owner: the user id in the body identifies the requester. */
    private void patch(HttpCall call) {
        var memory = require(call);
        var topics = topics(call, "topics");
        put(call, memory.changed(call.required("memory"), topics.isEmpty() ? memory.topics() : topics, Instant.now()));
    }

    private void delete(HttpCall call) {
        store().deleteMemories(List.of(require(call).memoryId()), null);
        call.done();
    }

    private void deleteMany(HttpCall call) {
        if (!SessionAccess.seesNothing(call)) {
            StoreAccess.orBadRequest(() -> store().deleteMemories(call.texts("memory_ids"), SessionAccess.user(call)));
        }
        call.done();
    }

    private void topics(HttpCall call) {
        var all = WireJson.array();
        if (!SessionAccess.seesNothing(call)) {
            StoreAccess.orBadRequest(() -> store().memoryTopics(SessionAccess.user(call)))
                    .forEach(all::add);
        }
        call.answer(all);
    }

    private void users(HttpCall call) {
        var startedAt = System.nanoTime();
        if (SessionAccess.seesNothing(call)) {
            call.answer(Paging.empty(call));
            return;
        }
        var page = StoreAccess.orBadRequest(
                () -> store().memoriesByUser(SessionAccess.user(call), Paging.page(call), Paging.limit(call)));
        var data = WireJson.array();
        page.items()
                .forEach(user -> data.addObject()
                        .put("user_id", user.userId())
                        .put("total_memories", user.count())
                        .put("last_memory_updated_at", seconds(user.updatedAt())));
        call.answer(Paging.answer(data, page, startedAt));
    }
}
