package dev.rein.internal.agent;

import dev.rein.internal.run.RunKind;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunPaused;
import java.util.List;

/** The runs of agents and of teams, whose leader is an agent. */
public enum ModelRunKind implements RunKind {
    AGENT(ComponentKind.AGENT),
    TEAM(ComponentKind.TEAM);

    private final ComponentKind component;

    ModelRunKind(ComponentKind component) {
        this.component = component;
    }

    @Override
    public ComponentKind component() {
        return component;
    }

    @Override
    public boolean hasSteps() {
        return false;
    }

    @Override
    public boolean collectsChildOutputs() {
        return this == TEAM;
    }

    @Override
    public RunEvent paused(EventMeta meta, List<Requirement> requirements) {
        return new RunPaused(meta, requirements);
    }

    @Override
    public RunEvent resumed(EventMeta meta) {
        return new RunContinued(meta);
    }

    @Override
    public RunEvent completed(EventMeta meta, Result result) {
        return new RunCompleted(meta, result.text(), result.metrics(), result.stored());
    }

    @Override
    public RunEvent cancelled(EventMeta meta, Result result, Stopped stopped) {
        return new RunCancelled(
                meta,
                stopped.cause(),
                stopped.mode(),
                result.text(),
                stopped.took(),
                stopped.abandoned(),
                result.stored());
    }

    @Override
    public RunEvent failed(EventMeta meta, Result result, RunFailure failure) {
        return new RunError(meta, failure, result.text(), result.stored());
    }
}
