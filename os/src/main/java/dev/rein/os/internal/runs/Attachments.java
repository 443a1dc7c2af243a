package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequestValues;
import dev.rein.run.RunInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Files sent with a message, as uploads or as JSON. Images are passed to the model, and so are PDF, audio and video if it takes them;
 * text files are appended to the message. Other types are refused, because the model would answer without having seen them.
 */
final class Attachments {
    private static final Set<String> PICTURES =
            Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/avif");

    /** Text types outside {@code text/}. */
    private static final Set<String> TEXTS = Set.of(
            "application/json",
            "application/xml",
            "application/yaml",
            "application/x-yaml",
            "application/javascript",
            "application/x-javascript",
            "application/x-python",
            "application/x-ndjson",
            "application/sql");

    /** Types by file name extension, for clients that send none. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("txt", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("markdown", "text/markdown"),
            Map.entry("csv", "text/csv"),
            Map.entry("html", "text/html"),
            Map.entry("htm", "text/html"),
            Map.entry("css", "text/css"),
            Map.entry("xml", "application/xml"),
            Map.entry("yaml", "application/yaml"),
            Map.entry("yml", "application/yaml"),
            Map.entry("js", "text/javascript"),
            Map.entry("py", "text/x-python"),
            Map.entry("json", "application/json"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("heic", "image/heic"),
            Map.entry("avif", "image/avif"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("flac", "audio/flac"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("webm", "video/webm"));

    private static final int MAX_TEXT_FILE = 1 << 20;

    private final StringBuilder text;
    private final Set<String> fileTypes;
    private final List<Image> images = new ArrayList<>();
    private final List<InputFile> files = new ArrayList<>();

    private Attachments(String message, Set<String> fileTypes) {
        this.text = new StringBuilder(message);
        this.fileTypes = fileTypes;
    }

    /**
     * The message of a form with its attachments.
     *
     * @param fileTypes the types of files that the model takes, beside images
     */
    static RunInput input(HttpCall call, Set<String> fileTypes) {
        var all = new Attachments(call.required("message"), fileTypes);
        var others = call.others();
        for (var image : list("images", others.get("images"))) {
            all.add(image);
        }
        for (var upload : call.uploads()) {
            try (var content = upload.content()) {
                all.add(upload.contentType(), upload.filename(), content.readAllBytes());
            } catch (IOException e) {
                throw Problem.badRequest("The file could not be read");
            }
        }
        for (var file : list("input_files", others.get("input_files"))) {
            all.addFile(file);
        }
        for (var audio : list("audio", others.get("audio"))) {
            all.addMedia("audio", "wav", audio);
        }
        for (var video : list("videos", others.get("videos"))) {
            all.addMedia("video", "mp4", video);
        }
        return new RunInput(all.text.toString(), all.images, all.files);
    }

    private static List<JsonNode> list(String name, @Nullable String json) {
        if (json == null || json.isBlank() || json.equals("null")) {
            return List.of();
        }
        var tree = RequestValues.parse(json);
        var all = new ArrayList<JsonNode>();
        if (tree != null) {
            tree.forEach(all::add);
        }
        if (tree == null || !tree.isArray() || !all.stream().allMatch(JsonNode::isObject)) {
            throw Problem.of(422, "Invalid " + name + ": expected a JSON array of objects");
        }
        return all;
    }

    private static String type(@Nullable String given, String name) {
        var type = given == null ? "" : given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("application/octet-stream")) {
            return type;
        }
        var end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(end, type);
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || TEXTS.contains(type);
    }

    private void add(@Nullable String contentType, String name, byte[] content) {
        var type = type(contentType, name);
        if (PICTURES.contains(type)) {
            images.add(Image.of(content, type));
        } else if (isText(type)) {
            add(name, UploadedText.decode(name, contentType, content));
        } else {
            add(name, type, Base64.getEncoder().encodeToString(content));
        }
    }

    private void add(String name, String content) {
        if (content.length() > MAX_TEXT_FILE) {
            throw Problem.badRequest("The file " + name + " has more than " + MAX_TEXT_FILE + " characters");
        }
        text.append("\n\n").append(name).append(":\n").append(content);
    }

    /** A file for the model. */
    private void add(String name, String type, String base64) {
        InputFile file;
        try {
            file = new InputFile(name.isBlank() ? "file" : name, type, base64);
        } catch (IllegalArgumentException e) {
            throw base64.isEmpty() || type.isEmpty() || type.startsWith("image/")
                    ? unsupported(name, type)
                    : Problem.badRequest("The file " + name + " cannot be used: " + e.getMessage());
        }
        if (!file.isOneOf(fileTypes)) {
            throw unsupported(name, type);
        }
        files.add(file);
    }

    private Problem unsupported(String name, String type) {
        var supported = fileTypes.isEmpty()
                ? "this model takes images (" + String.join(", ", new TreeSet<>(PICTURES)) + ") and text files"
                : "this model takes images (" + String.join(", ", new TreeSet<>(PICTURES)) + "), text files, and "
                        + String.join(", ", new TreeSet<>(fileTypes));
        return Problem.badRequest("Unsupported file type: " + (name.isBlank() ? "a file" : name) + " is "
                + (type.isEmpty() ? "of an unknown type" : type) + "; " + supported);
    }

    /** Text comes as it is, others as base64. URLs are not fetched. */
    private void addFile(JsonNode file) {
        var name = file.path("filename").asText("");
        var type = type(file.path("mime_type").asText(""), name);
        var content = file.path("content");
        if (!content.isTextual()) {
            throw Problem.badRequest("The file " + (name.isEmpty() ? "in input_files" : name)
                    + " has no content: addresses are not loaded, send the content as base64, or as text");
        }
        if (isText(type)) {
            add(name.isEmpty() ? "file" : name, content.textValue());
        } else if (PICTURES.contains(type)) {
            images.add(image("input_files", "data:" + type + ";base64," + content.textValue()));
        } else {
            add(name, type, content.textValue());
        }
    }

    /** Audio or a video as base64. */
    private void addMedia(String kind, String defaultFormat, JsonNode media) {
        var content = media.path("content").asText("");
        if (content.isEmpty()) {
            throw Problem.badRequest(
                    "The " + kind + " has no content: addresses are not loaded, send the content as base64");
        }
        var format = media.path("format").asText(defaultFormat);
        var name = media.path("filename").asText(kind + "." + format);
        var type = media.path("mime_type").asText("");
        add(
                name,
                type.isEmpty() ? TYPES.getOrDefault(format.toLowerCase(Locale.ROOT), kind + "/" + format) : type,
                content);
    }

    private void add(JsonNode image) {
        var content = image.path("content").asText("");
        var type = image.path("mime_type").asText("");
        if (type.isEmpty()) {
            type = TYPES.getOrDefault(image.path("format").asText("").toLowerCase(Locale.ROOT), "image/png");
        }
        images.add(image(
                "images", content.isEmpty() ? image.path("url").asText("") : "data:" + type + ";base64," + content));
    }

    private static Image image(String field, String url) {
        try {
            return new Image(url);
        } catch (IllegalArgumentException e) {
            throw Problem.of(422, "Invalid " + field + ": " + e.getMessage());
        }
    }
}
