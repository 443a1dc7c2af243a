package dev.rein.internal.storing;

/** A run that a store gives the turn of its session. Called on the threads of the store, without locks. */
public interface StoredTurn {
    /** The run has the turn now. May be called again. */
    void given();

    /** The store has not answered for long, and the run does not depend on it: it goes on without. */
    void unknown();
}
