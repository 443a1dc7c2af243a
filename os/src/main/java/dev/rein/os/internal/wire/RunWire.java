package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.util.List;

/**
 * Runs as clients fetch them: whole, as the answer of a run and of {@code GET .../runs/{id}}; as an entry of a list; and as a
 * preview. Immutable and thread-safe.
 */
public final class RunWire {
    private final ComponentCatalog catalog;
    private final RunJson form;
    private final RunSchemaJson schemas;

    public RunWire(ComponentCatalog catalog) {
        this.catalog = catalog;
        this.form = new RunJson(catalog);
        this.schemas = new RunSchemaJson(catalog);
    }

    /** A live or just ended run whole: an agent's, a team's or a workflow's; what is null is left out. */
    public ObjectNode of(RunOutput run) {
        return of(run, List.of());
    }

    /** @param events its events and those of the runs below it, for {@code events}; empty for none */
    public ObjectNode of(RunOutput run, List<RunEvent> events) {
        var view = RunView.of(run, catalog);
        return form.of(view, EventWire.kept(events, view.source(), view::find, catalog));
    }

    /** A stored run whole, in the same form. */
    public ObjectNode of(StoredRun run, StoredRunContext with) {
        var view = RunView.of(run, with, catalog);
        return form.of(view, EventWire.kept(with.events(), view.source(), view::find, catalog));
    }

    /**
     * A stored run as a stream of what was stored of its events.
     *
     * @param with its events behind the one that {@link EventWire#kernelIndexOf} gives for {@code after}
     * @param after the {@code event_index} of the last frame that the reader has; -1 for none
     */
    public List<EventFrame> frames(StoredRun run, StoredRunContext with, long after) {
        var form = new EventJson(catalog, RunView.of(run, with, catalog)::find);
        var events = new EventWire(form, EventOptions.all().withEventIndex(true).after(after));
        return with.events().stream()
                .flatMap(event -> events.frames(event).stream())
                .toList();
    }

    /**
     * A stored run as an entry of a list: RunSchema, TeamRunSchema or WorkflowRunSchema.
     *
     * @param nulls whether what is null is shown (the runs of a component) or left out (the runs of a session)
     */
    public ObjectNode schema(StoredRun run, StoredRunContext with, boolean nulls) {
        var view = RunView.of(run, with, catalog);
        return schemas.of(view, EventWire.kept(with.events(), view.source(), view::find, catalog), nulls);
    }

    /** The same for a live run. */
    public ObjectNode schema(RunOutput run, List<RunEvent> events, boolean nulls) {
        var view = RunView.of(run, catalog);
        return schemas.of(view, EventWire.kept(events, view.source(), view::find, catalog), nulls);
    }

    /** SessionRunPreviewSchema. */
    public ObjectNode preview(StoredRun run) {
        return RunSchemaJson.preview(RunView.of(run, StoredRunContext.NONE, catalog));
    }
}
