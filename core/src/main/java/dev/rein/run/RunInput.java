package dev.rein.run;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The input of a run. Immutable.
 *
 * @param text the message of the user
 * @param images the images of the message, for models that accept images
 * @param files the documents, audio and video of the message, for models that {@linkplain dev.rein.model.Model#fileTypes take them}
 */
public record RunInput(String text, List<Image> images, List<InputFile> files) {
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(module()).build();

    private static SimpleModule module() {
        var module = new SimpleModule("rein-input");
        module.addSerializer(TemporalAccessor.class, ToStringSerializer.instance);
        module.addSerializer(TemporalAmount.class, ToStringSerializer.instance);
        module.addSerializer(Path.class, ToStringSerializer.instance);
        module.addSerializer(Optional.class, new OptionalSerializer());
        return module;
    }

    /** Writes the value, or null. */
    @SuppressWarnings({"rawtypes", "unchecked"}) // Jackson finds serializers by the raw type.
    private static final class OptionalSerializer extends JsonSerializer<Optional> {
        @Override
        public void serialize(Optional value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), generator);
        }
    }

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

    /**
     * An input with an object as its text: JSON, with times as ISO 8601; a text is taken as it is.
     *
     * @param value a record, a plain object, a map, a list ..
     * @throws IllegalArgumentException if it can't be written as JSON
     */
    public static RunInput of(Object value) {
        Objects.requireNonNull(value, "the input is null: pass the object of the user");
        if (value instanceof String text) {
            return of(text);
        }
        try {
            return of(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the input, a " + value.getClass().getName() + ", can't be written as JSON: "
                            + e.getOriginalMessage(),
                    e);
        }
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
