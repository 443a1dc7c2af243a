package dev.rein.cli.demo;

import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Records when the text of a run and its descendants was delivered. Uses the times of the events, because they may be
 * read later. Used by one thread.
 */
final class DeliveredText {
    private record Piece(Instant at, int characters) {}

    private final List<Piece> pieces = new ArrayList<>();

    void add(RunEvent event) {
        if (event instanceof RunContent content) {
            pieces.add(new Piece(content.meta().createdAt(), content.content().length()));
        }
    }

    /** How many characters were delivered after {@code instant}. */
    int after(Instant instant) {
        return pieces.stream()
                .filter(piece -> piece.at().isAfter(instant))
                .mapToInt(Piece::characters)
                .sum();
    }
}
