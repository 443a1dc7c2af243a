package dev.rein.cancel;

/** How far a run had come when it was told to stop. */
public enum CancelStage {
    /** It had not begun to work: no model was asked, no tool called. */
    PENDING,
    /** It was at work. */
    EXECUTING,
    /** It waited for people. */
    PAUSED
}
