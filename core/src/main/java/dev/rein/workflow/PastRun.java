package dev.rein.workflow;

/**
 * An earlier run of a workflow in the same session; see {@link WorkflowBuilder#addHistory}. Immutable.
 *
 * @param runId the id of the run
 * @param input the text of its input
 * @param output its text
 */
public record PastRun(String runId, String input, String output) {}
