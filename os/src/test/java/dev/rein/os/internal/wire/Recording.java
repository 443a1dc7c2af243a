package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A recording of the reference server. */
public final class Recording {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENT = "event: ";
    private static final String DATA = "data: ";

    private Recording() {}

    public static String text(String file) {
        try (var in = Objects.requireNonNull(
                Recording.class.getResourceAsStream("/wire-samples/" + file), "no recording " + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The frames of a stream, without control frames and unnamed frames. */
    public static List<ObjectNode> frames(String file) {
        return framesOf(text(file));
    }

    /** The frames of the response to a request, in a recording of several. */
    static List<ObjectNode> frames(String file, String request) {
        var text = text(file);
        var begin = text.indexOf("> " + request + "\n");
        return framesOf(text.substring(begin, text.indexOf("\n> ", begin)));
    }

    private static List<ObjectNode> framesOf(String text) {
        var frames = new ArrayList<ObjectNode>();
        var name = "";
        for (var line : text.split("\n")) {
            if (line.startsWith(EVENT)) {
                name = line.substring(EVENT.length());
            } else if (line.startsWith(DATA) && Character.isUpperCase(name.charAt(0))) {
                var data = (ObjectNode) json(line.substring(DATA.length()));
                if (data.has("event")) {
                    frames.add(data);
                }
            }
        }
        return frames;
    }

    /** The body of a recording of a single response, which starts on the last line. */
    static ObjectNode body(String file) {
        var text = text(file).strip();
        return (ObjectNode) json(text.substring(text.lastIndexOf('\n') + 1));
    }

    /** The response to a request, in a recording of several. */
    public static JsonNode answer(String file, String request) {
        var all = answers(file, request);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no request " + request + " in " + file);
        }
        return all.getFirst();
    }

    /** The responses to each repetition of the request. */
    public static List<JsonNode> answers(String file, String request) {
        var lines = text(file).lines().toList();
        var all = new ArrayList<JsonNode>();
        for (var i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("> " + request)) {
                all.add(json(lines.get(i + 2)));
            }
        }
        return all;
    }
}
