package dev.rein.run;

import dev.rein.model.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The input of a run. Immutable.
 *
 * @param text the message of the user
 * @param images the images of the message, for models that accept images
 */
public record RunInput(String text, List<Image> images) {
    public RunInput {
        Objects.requireNonNull(text, "the input text is null: pass the message of the user");
        images = List.copyOf(images);
    }

    public static RunInput of(String text) {
        return new RunInput(text, List.of());
    }

    /** Returns a copy with an additional image. */
    public RunInput image(Image image) {
        var more = new ArrayList<>(images);
        more.add(image);
        return new RunInput(text, more);
    }
}
