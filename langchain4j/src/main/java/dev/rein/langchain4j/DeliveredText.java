package dev.rein.langchain4j;

import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelCall;

/** A call that knows whether text and reasoning were delivered, because a response that is complete contains them once more. */
final class DeliveredText {
    private final ModelCall call;
    private boolean hasText;
    private boolean hasReasoning;

    DeliveredText(ModelCall call) {
        this.call = call;
    }

    ModelCall call() {
        return call;
    }

    Cancellation cancellation() {
        return call.cancellation();
    }

    void text(String delta) {
        hasText |= !delta.isEmpty();
        call.text(delta);
    }

    void reasoning(String delta) {
        hasReasoning |= !delta.isEmpty();
        call.reasoning(delta);
    }

    /** Delivers what the complete response contains, unless parts of it have been. */
    void complete(String text, String reasoning) {
        if (!hasReasoning && !reasoning.isEmpty()) {
            reasoning(reasoning);
        }
        if (!hasText && !text.isEmpty()) {
            text(text);
        }
    }
}
