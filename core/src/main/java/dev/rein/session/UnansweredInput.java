package dev.rein.session;

import dev.rein.internal.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.run.RunInput;
import java.util.List;

/** The conversation of a run that ended before its model answered. */
final class UnansweredInput {
    private UnansweredInput() {}

    static List<Message> messages(RunInput input) {
        return List.of(
                Message.user(input.text(), input.images(), input.files()),
                Message.assistant(InterruptionTexts.NO_ANSWER).asInterrupted());
    }
}
