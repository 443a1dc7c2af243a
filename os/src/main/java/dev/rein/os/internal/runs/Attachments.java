package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequestValues;
import dev.rein.run.RunInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files sent with a message, as uploads or as JSON. Images are passed to the model; text files are appended to the
 * message. Other types are refused, because the model would answer without having seen them.
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
            Map.entry("avif", "image/avif"));

    private static final int MAX_TEXT_FILE = 1 << 20;

    private final StringBuilder text;
    private final List<Image> images = new ArrayList<>();

    private Attachments(String message) {
        this.text = new StringBuilder(message);
    }

    /** The message of a form with its attachments. */
    static RunInput input(HttpCall call) {
        var all = new Attachments(call.required("message"));
        var others = call.others();
        for (var image : list("images", others.get("images"))) {
            all.add(image);
        }
        for (var upload : call.uploads()) {
            try (var content = upload.content()) {
                all.add(type(upload.contentType(), upload.filename()), upload.filename(), content.readAllBytes());
            } catch (IOException e) {
                throw Problem.badRequest("The file could not be read");
            }
        }
        for (var file : list("input_files", others.get("input_files"))) {
            all.addFile(file);
        }
        for (var name : List.of("audio", "videos")) {
            if (!list(name, others.get(name)).isEmpty()) {
                throw Problem.badRequest("Unsupported file type");
            }
        }
        return new RunInput(all.text.toString(), all.images);
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

    private void add(String type, String name, byte[] content) {
        if (PICTURES.contains(type)) {
            images.add(Image.of(content, type));
        } else if (isText(type)) {
            add(name, new String(content, StandardCharsets.UTF_8));
        } else {
            throw Problem.badRequest("Unsupported file type");
        }
    }

    private void add(String name, String content) {
        if (content.length() > MAX_TEXT_FILE) {
            throw Problem.badRequest("The file " + name + " has more than " + MAX_TEXT_FILE + " characters");
        }
        text.append("\n\n").append(name).append(":\n").append(content);
    }

    /** Text comes as it is, an image as base64. URLs are not fetched. */
    private void addFile(JsonNode file) {
        var name = file.path("filename").asText("");
        var type = type(file.path("mime_type").asText(""), name);
        var content = file.path("content");
        if (content.isTextual() && isText(type)) {
            add(name.isEmpty() ? "file" : name, content.textValue());
        } else if (content.isTextual() && PICTURES.contains(type)) {
            images.add(image("input_files", "data:" + type + ";base64," + content.textValue()));
        } else {
            throw Problem.badRequest("Unsupported file type");
        }
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
