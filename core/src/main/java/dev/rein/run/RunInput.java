package dev.rein.run;

import dev.rein.model.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a run is given.
 *
 * @param text the message
 * @param images pictures that go with it, for models that see
 */
public record RunInput(String text, List<Image> images) {
    public RunInput {
        Objects.requireNonNull(text, "input is null: give the message to run on");
        images = List.copyOf(images);
    }

    public static RunInput of(String text) {
        return new RunInput(text, List.of());
    }

    /** The same input with one more picture. */
    public RunInput image(Image image) {
        var more = new ArrayList<>(images);
        more.add(image);
        return new RunInput(text, more);
    }
}
