package dev.rein.session;

import dev.rein.model.Message;
import dev.rein.run.RunInput;
import java.util.List;

/** The conversation of a run that was ended before it could say anything. */
final class Unsaid {
    private Unsaid() {}

    static List<Message> of(RunInput input) {
        return List.of(
                Message.user(input.text(), input.images()),
                Message.assistant("(Stopped before an answer was given.)").asInterrupted());
    }
}
