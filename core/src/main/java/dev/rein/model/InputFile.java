package dev.rein.model;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A file in the input of a model: a document such as a PDF, audio or video. Images are {@link Image}s. Which types a model takes is
 * said by {@link Model#fileTypes()}. Immutable.
 *
 * @param name the name for the model, such as {@code report.pdf}; not blank, at most 200 characters, without line breaks
 * @param mediaType the type in lower case, such as {@code application/pdf}
 * @param base64 the content in Base64
 */
public record InputFile(String name, String mediaType, String base64) {
    /** The maximum size of the content, 32 MiB. */
    public static final int MAX_BYTES = 32 << 20;

    private static final int MAX_NAME = 200;
    private static final Pattern TYPE = Pattern.compile("[a-z0-9.+_-]+/[a-z0-9.+_-]+");
    private static final Pattern CONTENT = Pattern.compile("[A-Za-z0-9+/]*={0,2}");

    /** What a file is for people and providers. */
    public enum Kind {
        DOCUMENT,
        AUDIO,
        VIDEO
    }

    public InputFile {
        Objects.requireNonNull(base64, "base64");
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of a file is \"" + shown(name) + "\": give 1 to " + MAX_NAME
                    + " characters without line breaks");
        }
        mediaType = normalized(mediaType);
        if (!TYPE.matcher(mediaType).matches()) {
            throw new IllegalArgumentException("the media type of \"" + name + "\" is \"" + shown(mediaType)
                    + "\": give one such as application/pdf");
        }
        if (mediaType.startsWith("image/")) {
            throw new IllegalArgumentException(
                    "the file \"" + name + "\" is an image: use Image.of(bytes, \"" + mediaType + "\")");
        }
        if (base64.isEmpty()
                || base64.length() % 4 != 0
                || !CONTENT.matcher(base64).matches()) {
            throw new IllegalArgumentException("the content of \"" + name + "\" is empty or not Base64");
        }
        if (size(base64) > MAX_BYTES) {
            throw new IllegalArgumentException("the file \"" + name + "\" has " + size(base64)
                    + " bytes: a model can be given at most " + MAX_BYTES);
        }
    }

    /**
     * A file with the given content.
     *
     * @param mediaType such as {@code application/pdf}; parameters are dropped
     * @throws IllegalArgumentException if the content is empty or larger than {@link #MAX_BYTES}, or name or type are invalid
     */
    public static InputFile of(String name, String mediaType, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new IllegalArgumentException("the file \"" + name + "\" has " + content.length
                    + " bytes: a model can be given at most " + MAX_BYTES);
        }
        return new InputFile(name, mediaType, Base64.getEncoder().encodeToString(content));
    }

    /**
     * Reads a file; its type is that of its name.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is empty or too large, or its name does not tell its type
     */
    public static InputFile read(Path file) throws IOException {
        var name = String.valueOf(file.getFileName());
        var type = typeOf(name);
        // The size that the file system tells may not be that of what is read: files grow, and devices have none.
        try (var content = Files.newInputStream(file)) {
            var bytes = content.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the file " + file + " has " + Math.max(bytes.length, Files.size(file))
                                + " bytes or more: a model can be given at most " + MAX_BYTES);
            }
            return of(name, type, bytes);
        }
    }

    private static String typeOf(String name) {
        var end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        var type = switch (end) {
            case "pdf" -> "application/pdf";
            case "wav" -> "audio/wav";
            case "mp3" -> "audio/mpeg";
            case "m4a" -> "audio/mp4";
            case "ogg" -> "audio/ogg";
            case "flac" -> "audio/flac";
            case "mp4" -> "video/mp4";
            case "mov" -> "video/quicktime";
            case "webm" -> "video/webm";
            case "txt" -> "text/plain";
            case "md" -> "text/markdown";
            case "csv" -> "text/csv";
            default -> URLConnection.guessContentTypeFromName(name);
        };
        if (type == null) {
            throw new IllegalArgumentException(
                    "the type of \"" + name + "\" is unknown: use InputFile.of(name, mediaType, content)");
        }
        return type;
    }

    /** What kind of file it is by its type; documents are all that are neither audio nor video. */
    public Kind kind() {
        return mediaType.startsWith("audio/")
                ? Kind.AUDIO
                : mediaType.startsWith("video/") ? Kind.VIDEO : Kind.DOCUMENT;
    }

    /** The content. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }

    /** The number of bytes of the content. */
    public int size() {
        return size(base64);
    }

    /** The content as a URL. */
    public String dataUrl() {
        return "data:" + mediaType + ";base64," + base64;
    }

    /** Whether one of the types is that of this file. {@code audio/*} stands for all types of audio. */
    public boolean isOneOf(Collection<String> types) {
        return types.stream().anyMatch(this::isOf);
    }

    private boolean isOf(String type) {
        return type.endsWith("/*")
                ? mediaType.startsWith(type.substring(0, type.length() - 1).toLowerCase(Locale.ROOT))
                : mediaType.equals(normalized(type));
    }

    /** Types with several names get one of them. */
    private static String normalized(String type) {
        var bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (bare) {
            case "application/x-pdf" -> "application/pdf";
            case "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "audio/wav";
            case "audio/mp3", "audio/x-mp3" -> "audio/mpeg";
            default -> bare;
        };
    }

    private static int size(String base64) {
        var padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return (int) (base64.length() / 4L * 3 - padding);
    }

    private static String shown(String text) {
        return text.length() > MAX_NAME ? text.substring(0, MAX_NAME) + "..." : text;
    }

    /** Without the content. */
    @Override
    public String toString() {
        return name + " (" + mediaType + ", " + size() + " bytes)";
    }
}
