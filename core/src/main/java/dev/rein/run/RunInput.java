package dev.rein.run;

import dev.rein.model.Image;
import dev.rein.model.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The input of a run. Immutable.
 *
 * @param text the message of the user
 * @param images the images of the message, for models that accept images
 * @param files the documents, audio and video of the message, for models that {@linkplain dev.rein.model.Model#fileTypes take them}
 */
public record RunInput(String text, List<Image> images, List<InputFile> files) {
    // Inputs that were stored before there were files have none.
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"})
    public RunInput {
        Objects.requireNonNull(text, "the input text is null: pass the message of the user");
        images = List.copyOf(images);
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** An input without files. */
    public RunInput(String text, List<Image> images) {
        this(text, images, List.of());
    }

    public static RunInput of(String text) {
        return new RunInput(text, List.of());
    }

    /** Returns a copy with an additional image. */
    public RunInput image(Image image) {
        return new RunInput(text, with(images, image), files);
    }

    /** Returns a copy with an additional file, such as {@code InputFile.read(Path.of("report.pdf"))}. */
    public RunInput file(InputFile file) {
        return new RunInput(text, images, with(files, file));
    }

    /**
     * Returns a copy with an additional file.
     *
     * @param mediaType such as {@code application/pdf}
     * @throws IllegalArgumentException if the file is invalid, see {@link InputFile#of}
     */
    public RunInput file(String name, String mediaType, byte[] content) {
        return file(InputFile.of(name, mediaType, content));
    }

    /**
     * Returns a copy with additional audio.
     *
     * @param mediaType such as {@code audio/wav} or {@code audio/mpeg}
     * @throws IllegalArgumentException if it is no type of audio, or the file is invalid, see {@link InputFile#of}
     */
    public RunInput audio(byte[] content, String mediaType) {
        return file(checked(InputFile.of("audio", mediaType, content), InputFile.Kind.AUDIO));
    }

    /**
     * Returns a copy with an additional video.
     *
     * @param mediaType such as {@code video/mp4}
     * @throws IllegalArgumentException if it is no type of video, or the file is invalid, see {@link InputFile#of}
     */
    public RunInput video(byte[] content, String mediaType) {
        return file(checked(InputFile.of("video", mediaType, content), InputFile.Kind.VIDEO));
    }

    /** Returns a copy with another text. */
    public RunInput withText(String newText) {
        return new RunInput(newText, images, files);
    }

    private static InputFile checked(InputFile file, InputFile.Kind kind) {
        if (file.kind() != kind) {
            throw new IllegalArgumentException(
                    "the media type is " + file.mediaType() + ": give one of " + file.name() + ", or use file(..)");
        }
        return file;
    }

    private static <T> List<T> with(List<T> list, T added) {
        var more = new ArrayList<>(list);
        more.add(added);
        return more;
    }
}
