package dev.rein.internal.team;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.internal.event.EventVisibility;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredTeam;
import dev.rein.team.TeamSettings;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The members in one run of their team, and the tools by which the leader gives them work. Thread-safe. */
final class Members {
    static final String DELEGATE = "delegate_task_to_member";
    static final String BROADCAST = "delegate_task_to_members";
    static final String MEMBER_ID = "member_id";
    private static final String TASK = "task";

    private final Run run;
    private final Map<String, Component> byId = new LinkedHashMap<>();
    private final EventVisibility shown;

    /** What calls have given in another process, and not gone on with yet: a model may use the id of a call again later. */
    private final Map<String, List<StoredTeam.Delegation>> left = new ConcurrentHashMap<>();

    /** Guarded by the tree's lock. */
    private final List<DelegationBatch> handouts = new ArrayList<>();

    private final AtomicBoolean routing = new AtomicBoolean();
    private volatile @Nullable String routed;

    Members(TeamSettings settings, Run run) {
        this.run = run;
        this.shown = new EventVisibility(!settings.streamMemberEvents(), false);
        settings.members().forEach(member -> byId.put(member.id(), member));
        var resumed = run.plan().resumed();
        var team = resumed == null ? null : resumed.pause().team();
        if (team != null) {
            left.putAll(team.parts().stream().collect(Collectors.groupingBy(StoredTeam.Delegation::toolCallId)));
        }
    }

    /** The answer that a member has given in the leader's place; null for none. */
    @Nullable
    String routed() {
        return routed;
    }

    ToolSpec delegate() {
        return delegating(
                "Gives a task to a member of the team, and returns its answer.",
                (member, task, context) -> answer(work(member, task, context, shown, RunOptions.defaults())));
    }

    ToolSpec route() {
        return delegating(
                "Hands the request over to a member of the team, whose answer is given to the user.",
                (member, task, context) -> {
                    if (!routing.compareAndSet(false, true)) {
                        return "The request was handed over to another member already.";
                    }
                    var output = work(
                            member, task, context, new EventVisibility(shown.hidden(), true), RunOptions.defaults());
                    if (output.isCompleted()) {
                        routed = output.text();
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
                    return handOut(context, work -> byId.forEach((id, member) -> work.give(id, member, task)))
                            .said();
                });
    }

    /** What a delegation does with the member that it is for. */
    private interface Delegation {
        String to(Component member, String task, RunContext context);
    }

    private ToolSpec delegating(String description, Delegation delegation) {
        var parameters = object();
        member(parameters, "The id of the member");
        text(parameters, TASK, "What the member is to do, with everything it needs to know");
        return ToolSpec.of(DELEGATE, description, parameters, (arguments, context) -> {
            var id = required(arguments, MEMBER_ID);
            var task = required(arguments, TASK);
            var member = byId.get(id);
            return member == null ? unknown(id) : delegation.to(member, task, context);
        });
    }

    @Nullable
    Component find(String id) {
        return byId.get(id);
    }

    String unknown(String id) {
        return "There is no member \"" + id + "\". The members are: " + String.join(", ", byId.keySet()) + ".";
    }

    /**
     * Gives work to several members at once, and waits for all of them. A call that another process has left goes on with what it
     * has given there.
     *
     * @param giving gives it, unless that was done before
     * @return when all is over
     */
    DelegationBatch handOut(RunContext context, Consumer<DelegationBatch> giving) {
        var call = Context.of(context);
        var handout = new DelegationBatch(this, run, call);
        run.guarded(() -> handouts.add(handout));
        try {
            var before = left.remove(handout.callId());
            if (before == null) {
                giving.accept(handout);
            } else {
                handout.goOn(before);
            }
            handout.await();
            return handout;
        } finally {
            run.guarded(() -> handouts.remove(handout));
        }
    }

    /** The work that was given in calls that have not come back. Under the tree's lock. */
    List<StoredTeam.Delegation> parts() {
        return handouts.stream().flatMap(each -> each.parts().stream()).toList();
    }

    /** Has a member work on a task, in a run of this id. */
    RunOutput work(Component member, String task, RunContext context, String runId) {
        return work(member, task, context, shown, RunOptions.defaults().runId(runId));
    }

    private RunOutput work(Component member, String task, RunContext context, EventVisibility as, RunOptions options) {
        return member.run(
                new RunInput(task, run.plan().input().images()),
                options.parent(Context.of(context).showing(as)));
    }

    /**
     * What the leader gets to read.
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
        return "Member " + output.componentId() + " was stopped: " + reason + ". "
                + (output.text().isBlank() ? "It had not said anything." : "Until then it had said: " + output.text());
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
