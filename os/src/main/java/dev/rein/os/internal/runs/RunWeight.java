package dev.rein.os.internal.runs;

import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepResult;
import dev.rein.run.event.ToolEvent;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory that an ended run holds: its input, messages, images, tool calls, child runs and events. Texts that
 * several of them share are counted once.
 */
final class RunWeight {
    private static final long RUN = 20_000;
    private static final long ENTRY = 120;
    private static final int BYTES_PER_CHARACTER = 2;
    private static final int MAX_DEPTH = 50;

    private final Set<Object> counted = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytes;

    private RunWeight() {}

    static long of(RunHandle run) {
        var weight = new RunWeight();
        weight.add(run.output());
        weight.addEvents(run);
        return weight.bytes;
    }

    private void add(RunOutput run) {
        bytes += RUN;
        add(run.input().text());
        add(run.input().images());
        run.input().files().forEach(file -> add(file.base64()));
        add(run.text());
        add(run.reasoning());
        for (var message : run.messages()) {
            add(message);
        }
        for (var tool : run.tools()) {
            add(tool);
        }
        addValue(run.sessionState(), 0);
        addValue(run.metadata(), 0);
        run.steps().forEach(this::add);
        for (var member : run.memberResponses()) {
            add(member);
        }
    }

    private void add(Message message) {
        if (isNew(message)) {
            bytes += ENTRY;
            add(message.content());
            add(message.reasoning());
            add(message.images());
            message.files().forEach(file -> add(file.base64()));
            message.toolCalls().forEach(call -> add(call.arguments()));
        }
    }

    private void add(ToolExecution tool) {
        bytes += ENTRY;
        add(tool.result());
        addValue(tool.arguments(), 0);
    }

    private void add(StepOutput step) {
        bytes += ENTRY;
        add(step.content());
        add(step.images());
        step.steps().forEach(this::add);
    }

    private void add(List<Image> images) {
        images.forEach(image -> add(image.url()));
    }

    private void add(@Nullable String text) {
        if (text != null && isNew(text)) {
            bytes += ENTRY / 2 + (long) BYTES_PER_CHARACTER * text.length();
        }
    }

    private boolean isNew(Object value) {
        return counted.add(value);
    }

    private void addValue(@Nullable Object value, int depth) {
        switch (value) {
            case null -> {}
            case String text -> add(text);
            case Map<?, ?> map
            when depth < MAX_DEPTH && isNew(map) ->
                map.forEach((key, each) -> {
                    addValue(key, depth + 1);
                    addValue(each, depth + 1);
                });
            case Collection<?> list
            when depth < MAX_DEPTH && isNew(list) -> list.forEach(each -> addValue(each, depth + 1));
            default -> bytes += ENTRY;
        }
    }

    private void addEvents(RunHandle run) {
        var last = -1L;
        while (true) {
            try (var events = run.events(last)) {
                for (var event = events.next(Duration.ZERO); event != null; event = events.next(Duration.ZERO)) {
                    last = event.index();
                    add(event);
                }
                return;
            } catch (StreamExpiredException e) {
                last = e.oldestIndex() - 1;
            }
        }
    }

    private void add(RunEvent event) {
        bytes += ENTRY;
        switch (event) {
            case RunContent content -> {
                add(content.content());
                add(content.reasoningContent());
            }
            case ToolEvent tool -> add(tool.tool());
            case CustomEvent custom -> addValue(custom.data(), 0);
            case StepResult result -> add(result.output());
            case StepCompleted completed -> add(completed.output());
            default -> {}
        }
    }
}
