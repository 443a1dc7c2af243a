package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.agent.PerRun;
import dev.rein.cancel.CancelledException;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.result.ToolResults;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.internal.tool.ToolLists;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunFailure;
import dev.rein.runtime.ModelOptions;
import dev.rein.text.PlainText;
import dev.rein.tool.ToolSpec;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of a component's model for one run: those it was built with, those of the run's options, and what its functions return. */
public final class RunSettings {
    /** Such as "Monday, 30 November 2026, 16:05 (Europe/Berlin)". */
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm '('VV')'", Locale.ENGLISH);

    private static final int MAX_DEPENDENCIES = 64 * 1024;

    private RunSettings() {}

    /**
     * Applies the options of a run, except for its instructions.
     *
     * @param reserved the names of tools that the component adds itself
     * @throws IllegalArgumentException if a tool has the name of another one
     */
    public static AgentSettings of(AgentSettings settings, ModelOptions options, Set<String> reserved) {
        if (options.isEmpty()) {
            return settings;
        }
        requireUnreserved(options.tools(), reserved);
        return settings.with(
                options.model() == null ? settings.model() : options.model(),
                options.settings().orElse(settings.settings()),
                ToolLists.plus(settings.tools(), options.tools()));
    }

    /**
     * Calls the functions of the component, and adds their results and the instructions of the run's options. What they add comes last,
     * so that all runs begin with the same prompt, which providers cache.
     *
     * @param settings what {@link #of} has returned
     * @param instructions the component's own instructions as one text
     * @param own the tools that the component adds itself
     * @throws Exception the failure of a function, named
     */
    public static AgentSettings resolve(AgentSettings settings, String instructions, List<ToolSpec> own, Run run)
            throws Exception {
        var texts = new ArrayList<String>();
        texts.add(instructions);
        if (storedSystem(run) == null) {
            var function = settings.instructionsFunction();
            if (function != null) {
                texts.add(call("instructions", function, run, text -> text));
            }
            texts.addAll(run.plan().options().modelOptions().instructions());
            if (settings.markdown() && run.plan().answerType() == null) {
                texts.add("Format your answer in Markdown.");
            }
            texts.add(dependencies(settings, run));
            if (settings.dateTimeZone() != null) {
                texts.add("The current date and time are "
                        + DATE_TIME.format(ZonedDateTime.now(settings.dateTimeZone())) + ".");
            }
        }
        texts.removeIf(String::isBlank);
        var tools = settings.tools();
        var reserved = own.stream().map(ToolSpec::name).collect(Collectors.toSet());
        for (var function : settings.toolFunctions()) {
            tools = withTools(tools, function, reserved, run);
        }
        return settings.with(
                texts.isEmpty() ? List.of() : List.of(String.join("\n\n", texts)),
                Stream.concat(tools.stream(), own.stream()).toList());
    }

    /** The dependencies that the model is told, as one text; blank for none. */
    private static String dependencies(AgentSettings settings, Run run) throws Exception {
        var all = run.plan().options().modelOptions().addDependencies();
        var named = all ? List.<String>of() : settings.addedDependencies();
        if (named == null) {
            return "";
        }
        var added = new LinkedHashMap<>(run.context().dependencies());
        if (!named.isEmpty()) {
            added.keySet().retainAll(named);
        }
        if (added.isEmpty()) {
            return "";
        }
        run.enter(Phase.WAITING, "dependencies");
        // Their values are objects of the user's.
        return UserCode.call(run.context(), CallInterceptor.Kind.HOOK, "dependencies", () -> {
            var text = new StringBuilder("Data for this task:");
            for (var each : added.entrySet()) {
                text.append("\n- ")
                        .append(each.getKey())
                        .append(": ")
                        .append(text(each.getKey(), each.getValue(), run));
                if (text.length() > MAX_DEPENDENCIES) {
                    throw new IllegalStateException("the dependencies for the model are longer than " + MAX_DEPENDENCIES
                            + " characters, with \"" + each.getKey()
                            + "\": give names to addDependencies(..), or let a tool read them");
                }
            }
            return text.toString();
        });
    }

    private static String text(String name, Object value, Run run) throws Exception {
        try {
            return ToolResults.text(value, MAX_DEPENDENCIES, run.scope()).text();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "dependency \"" + name + "\" can't be told to the model: " + PlainText.message(e)
                            + "; give the names of those that can to addDependencies(..)",
                    e);
        }
    }

    private static List<ToolSpec> withTools(
            List<ToolSpec> tools, PerRun<? extends Collection<?>> function, Set<String> reserved, Run run)
            throws Exception {
        return call("tools", function, run, given -> {
            // A copy, because the elements are checked one by one.
            var all = ToolLists.plus(tools, Arrays.asList(given.toArray()));
            requireUnreserved(all.subList(tools.size(), all.size()), reserved);
            return all;
        });
    }

    private static void requireUnreserved(List<ToolSpec> tools, Set<String> reserved) {
        for (var tool : tools) {
            if (reserved.contains(tool.name())) {
                throw new IllegalArgumentException("the tool name \"" + tool.name()
                        + "\" is reserved for the leader of this team: rename the tool");
            }
        }
    }

    private static <T, R> R call(String what, PerRun<T> function, Run run, Function<T, R> read) throws Exception {
        var name = what + " function";
        run.enter(Phase.WAITING, name);
        try {
            return UserCode.call(run.context(), CallInterceptor.Kind.HOOK, name, () -> {
                @Nullable T given = function.get(run.context());
                if (given == null) {
                    throw new IllegalStateException("it returned null");
                }
                return read.apply(given);
            });
        } catch (CancelledException e) {
            throw e;
        } catch (Exception e) {
            run.scope().throwIfCancelled();
            throw new IllegalStateException(
                    "the " + name + " of " + run.plan().component().id() + " failed: "
                            + RunFailure.of(e).describe(),
                    e);
        }
    }

    /** The system message that a resumed run was started with; null for a new run, or if it had none. */
    static @Nullable String storedSystem(Run run) {
        var resumed = run.plan().resumed();
        return resumed == null ? null : resumed.row().system();
    }

    /** The reason why a stored run can't be resumed with these options; null if it can. */
    static @Nullable String incompatibility(ModelOptions options, ResumedRun run) {
        if (!options.instructions().isEmpty()) {
            return "the options have instructions, and it keeps those that it was started with";
        }
        var stored = run.pause().options();
        if (stored == null) {
            return null;
        }
        if (stored.model() != null && options.model() == null) {
            return "its options had the model " + stored.model() + ", which is not stored: give a model in the options";
        }
        var missing = stored.tools().stream()
                .filter(name -> !options.toolNames().contains(name))
                .toList();
        return missing.isEmpty()
                ? null
                : "its options had the tools " + missing + ", which are not stored: give them in the options";
    }
}
