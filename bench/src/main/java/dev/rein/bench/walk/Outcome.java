package dev.rein.bench.walk;

import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import java.util.List;

/**
 * What a case has come to.
 *
 * @param run the case
 * @param output the output of its run
 * @param events the events of the tree of runs, as far as they were seen
 * @param watched whether all of its events were seen
 */
record Outcome(CaseRun run, RunOutput output, List<RunEvent> events, boolean watched) {}
