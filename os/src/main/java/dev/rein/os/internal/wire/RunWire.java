package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.session.RunPreview;
import dev.rein.session.StoredRun;
import java.util.List;

/**
 * The wire form of runs: in full, as the response of a run and of {@code GET .../runs/{id}}; as an entry of a list; and
 * as a preview. Immutable and thread-safe.
 */
public final class RunWire {
    /** The number of characters of a run's input and text that a preview needs. */
    public static final int PREVIEW_CHARACTERS = RunSchemaJson.PREVIEW_INPUT;

    private final ComponentCatalog catalog;
    private final RunJson json;
    private final RunSchemaJson entries;

    public RunWire(ComponentCatalog catalog) {
        this.catalog = catalog;
        this.json = new RunJson(catalog);
        this.entries = new RunSchemaJson(catalog);
    }

    /** The full form of a live or just ended run, without null values. */
    public ObjectNode of(RunOutput run) {
        return of(run, List.of());
    }

    /** @param events the events of the run and its descendants; empty for none */
    public ObjectNode of(RunOutput run, List<RunEvent> events) {
        var view = RunView.of(run, catalog);
        return json.of(view, EventWire.fetched(events, view.source(), view::find, catalog));
    }

    /** The full form of a stored run. */
    public ObjectNode of(StoredRun run, StoredRunContext with) {
        var view = RunView.of(run, with, catalog);
        return json.of(view, EventWire.fetched(with.events(), view.source(), view::find, catalog));
    }

    /**
     * Converts the stored events of a run to frames.
     *
     * @param with the context; its events are not used
     */
    public EventWire events(StoredRun run, StoredRunContext with, EventOptions options) {
        var json = new EventJson(catalog, RunView.of(run, with, catalog)::find);
        return new EventWire(json, options);
    }

    /**
     * The list entry of a stored run: RunSchema, TeamRunSchema or WorkflowRunSchema.
     *
     * @param nulls whether null values are shown (runs of a component) or left out (runs of a session)
     */
    public ObjectNode schema(StoredRun run, StoredRunContext with, boolean nulls) {
        var view = RunView.of(run, with, catalog);
        return entries.of(view, EventWire.fetched(with.events(), view.source(), view::find, catalog), nulls);
    }

    /** The list entry of a live run. */
    public ObjectNode schema(RunOutput run, List<RunEvent> events, boolean nulls) {
        var view = RunView.of(run, catalog);
        return entries.of(view, EventWire.fetched(events, view.source(), view::find, catalog), nulls);
    }

    /** SessionRunPreviewSchema of a run that shows its text, with {@link #PREVIEW_CHARACTERS} of it. */
    public ObjectNode preview(RunPreview run) {
        return RunSchemaJson.preview(run);
    }

    /** SessionRunPreviewSchema. */
    public ObjectNode preview(StoredRun run) {
        return RunSchemaJson.preview(RunView.of(run, StoredRunContext.NONE, catalog));
    }
}
