package dev.rein.run.event;

/** An event of one request to a model. */
public sealed interface ModelEvent extends RunEvent
        permits ModelRequestStarted, ModelRequestCompleted, ModelRequestFailed {

    /** The id of the model that was asked. */
    String model();
}
