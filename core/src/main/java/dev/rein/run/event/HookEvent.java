package dev.rein.run.event;

/** An event of a hook that runs before or after the work of an agent or team. */
public sealed interface HookEvent extends RunEvent
        permits PreHookStarted, PreHookCompleted, PostHookStarted, PostHookCompleted {

    /** The name of the hook. */
    String hook();
}
