package dev.rein.internal.team;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.event.EventVisibility;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.tool.BoundMethod;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.Role;
import dev.rein.run.RunContext;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredTeam;
import dev.rein.team.Team;
import dev.rein.team.TeamSettings;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolSpec;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A team's members in one run, and the tools by which the leader delegates work to them. Thread-safe. */
final class Members {
    static final String DELEGATE = "delegate_task_to_member";
    static final String BROADCAST = "delegate_task_to_members";
    static final String MEMBER_ID = "member_id";
    private static final String TASK = "task";

    private final Run run;
    private final Model model;
    private final Map<String, Component> byId = new LinkedHashMap<>();
    private final EventVisibility memberEvents;

    /** Delegations started in another process and not yet resumed, by tool call id. Removed once resumed, because a model may reuse an id. */
    private final Map<String, List<StoredTeam.Delegation>> unresumed = new ConcurrentHashMap<>();

    /** Guarded by the tree's lock. */
    private final List<DelegationBatch> activeBatches = new ArrayList<>();

    private final boolean routeRewrites;
    private final Briefing briefing;
    private final AtomicBoolean routing = new AtomicBoolean();
    private volatile @Nullable RunOutput routed;

    Members(TeamSettings settings, Run run) {
        this.run = run;
        this.model = settings.leader().model();
        this.memberEvents = new EventVisibility(!settings.streamMemberEvents(), false);
        this.routeRewrites = settings.routeRewrites();
        this.briefing = new Briefing(settings, run);
        settings.members().forEach(member -> byId.put(member.id(), member));
        var resumed = run.plan().resumed();
        var team = resumed == null ? null : resumed.pause().team();
        if (team != null) {
            unresumed.putAll(team.parts().stream().collect(Collectors.groupingBy(StoredTeam.Delegation::toolCallId)));
        }
    }

    /** The output of the member that answers in place of the leader; null if none. */
    @Nullable
    RunOutput routedAnswer() {
        return routed;
    }

    ToolSpec delegate() {
        return delegating(
                true,
                "Gives a task to a member of the team, and returns its answer.",
                (member, task, context) ->
                        answer(work(member, task, context, memberEvents, RunOptions.defaults(), null)));
    }

    ToolSpec route() {
        return delegating(
                routeRewrites,
                "Hands the request over to a member of the team, whose answer is given to the user.",
                (member, task, context) -> {
                    if (!routing.compareAndSet(false, true)) {
                        return "The request was handed over to another member already.";
                    }
                    var output = work(
                            member,
                            task,
                            context,
                            new EventVisibility(memberEvents.hidden(), true),
                            RunOptions.defaults(),
                            // Its answer is the team's.
                            run.plan().answerType());
                    if (output.isCompleted()) {
                        routed = output;
                    } else {
                        routing.set(false);
                    }
                    return answer(output);
                });
    }

    ToolSpec broadcast() {
        var parameters = object();
        text(parameters, TASK, "What all members are to do, with everything they need to know");
        return ToolSpec.of(
                BROADCAST,
                "Gives a task to all members of the team at once, and returns their answers.",
                parameters,
                (arguments, context) -> {
                    var task = required(arguments, TASK);
                    return delegateAll(context, batch -> byId.forEach((id, member) -> batch.delegate(id, member, task)))
                            .answers();
                });
    }

    /** Delegates a task to a member and returns the text for the leader. */
    private interface Delegation {
        String delegate(Component member, String task, RunContext context);
    }

    /** @param rewrites whether the leader words the task; otherwise it is what the user wrote */
    private ToolSpec delegating(boolean rewrites, String description, Delegation delegation) {
        var parameters = object();
        member(parameters, "The id of the member");
        if (rewrites) {
            text(parameters, TASK, "What the member is to do, with everything it needs to know");
        }
        return ToolSpec.of(DELEGATE, description, parameters, (BoundMethod) (arguments, context) -> {
            var member = require(required(arguments, MEMBER_ID));
            return delegation.delegate(member, rewrites ? required(arguments, TASK) : userText(), context);
        });
    }

    /** The input of the run as the hooks have left it. */
    private String userText() {
        return run.locked(() -> run.delivery().transcript().repairedOwn().stream()
                        .filter(message -> message.role() == Role.USER)
                        .map(Message::content)
                        .findFirst())
                .orElseGet(() -> run.guardrails().input().text());
    }

    @Nullable
    Component find(String id) {
        return byId.get(id);
    }

    /**
     * The member that the leader means: by its id, by its name, or by the letters and digits of one of them, in any case.
     *
     * @throws ToolArgumentException if there is none, or more than one
     */
    Component require(String given) {
        var exact = byId.get(given);
        if (exact != null) {
            return exact;
        }
        var key = key(given);
        var named = only(member -> given.strip().equals(member.name()));
        if (named.size() == 1) {
            return named.getFirst();
        }
        var meant = key.isEmpty()
                ? List.<Component>of()
                : only(member ->
                        key.equals(key(member.id())) || (member.name() != null && key.equals(key(member.name()))));
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        throw new ToolArgumentException(
                (meant.isEmpty() ? "There is no member \"" : "More than one member is meant by \"") + given
                        + "\". The members are: " + String.join(", ", byId.keySet()) + ".");
    }

    private List<Component> only(Predicate<Component> condition) {
        return byId.values().stream().filter(condition).toList();
    }

    /** The letters and digits of a text: models change the case, the separators and the quotes of names. */
    private static String key(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /**
     * Delegates work to several members concurrently and waits for all of them. A call that was interrupted by a pause resumes its
     * stored delegations instead.
     *
     * @param start starts the delegations; not called if the batch is resumed
     * @return the batch, all of whose delegations have ended
     */
    DelegationBatch delegateAll(RunContext context, Consumer<DelegationBatch> start) {
        var batch = new DelegationBatch(this, run, Context.of(context));
        run.guarded(() -> activeBatches.add(batch));
        try {
            var stored = unresumed.remove(batch.callId());
            if (stored == null) {
                start.accept(batch);
            } else {
                batch.resume(stored);
            }
            batch.await();
            return batch;
        } finally {
            run.guarded(() -> activeBatches.remove(batch));
        }
    }

    /** The delegations of tool calls that have not returned. Called under the tree's lock. */
    List<StoredTeam.Delegation> activeDelegations() {
        return activeBatches.stream()
                .flatMap(each -> each.delegations().stream())
                .toList();
    }

    /** Runs a member on a task, with the given run id. */
    RunOutput work(Component member, String task, RunContext context, String runId) {
        return work(member, task, context, memberEvents, RunOptions.defaults().runId(runId), null);
    }

    private static boolean takesModelOfTeam(Component member) {
        return switch (member) {
            case Agent agent -> agent.settings().takesModelOfTeam();
            case Team team -> team.settings().leader().takesModelOfTeam();
            default -> false;
        };
    }

    /** @param type the type that the member answers with; null for text */
    private RunOutput work(
            Component member,
            String task,
            RunContext context,
            EventVisibility visibility,
            RunOptions options,
            @Nullable TypeRef<?> type) {
        var in = Context.of(context);
        var input = run.guardrails().input().withText(briefing.of(task, userText()));
        var memberOptions = options.parent(in.showing(visibility))
                .metadata(in.metadata())
                .model(takesModelOfTeam(member) ? model : null);
        var resumed = in.resuming();
        var asked = resumed == null ? type : resumed.typeOf(run.plan().answerType());
        return asked == null
                ? member.run(input, memberOptions)
                : member.run(input, asked, memberOptions).output();
    }

    /**
     * The tool result for the leader.
     *
     * @throws MemberFailedException if the member failed
     */
    static String answer(RunOutput output) {
        if (output.status() == RunStatus.COMPLETED) {
            return output.text();
        }
        if (output.status() == RunStatus.ERROR) {
            throw new MemberFailedException("Member " + output.componentId() + " failed: "
                    + Objects.requireNonNull(output.failure()).message());
        }
        var reason = Objects.requireNonNull(output.cause()).reason();
        return InterruptionTexts.memberStopped(output.componentId(), reason, output.text());
    }

    // ---- parameters

    static ObjectNode object() {
        var schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        schema.putObject("properties");
        schema.putArray("required");
        schema.put("additionalProperties", false);
        return schema;
    }

    /** Adds a required text. */
    static void text(ObjectNode schema, String name, String description) {
        schema.withObject("properties").putObject(name).put("type", "string").put("description", description);
        schema.withArray("required").add(name);
    }

    /** Adds the id of a member, as one of those that there are: a model held to the schema can't invent one. */
    void member(ObjectNode schema, String description) {
        text(schema, MEMBER_ID, description);
        byId.keySet()
                .forEach(schema.withObject("properties").withObject(MEMBER_ID).withArray("enum")::add);
    }

    static String required(ObjectNode arguments, String name) {
        var value = arguments.path(name);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new ToolArgumentException("parameter " + name + " is missing: give a text");
        }
        return value.textValue();
    }

    /** The texts of a list; empty when it is missing. */
    static List<String> texts(ObjectNode arguments, String name) {
        var value = arguments.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new ToolArgumentException("parameter " + name + " is " + value + ": give a list of texts");
        }
        var texts = new ArrayList<String>();
        value.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
