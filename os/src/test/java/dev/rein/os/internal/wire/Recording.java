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

    /** The frames of a stream, without its control frames and those that have no name of their own. */
    public static List<ObjectNode> frames(String file) {
        return framesOf(text(file));
    }

    /** The frames of the answer to a request of a recording of many. */
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

    /** The body that begins on the last line of a recording that is one answer. */
    static ObjectNode body(String file) {
        var text = text(file).strip();
        return (ObjectNode) json(text.substring(text.lastIndexOf('\n') + 1));
    }

    /** The answer to a request of a recording of many. */
    public static JsonNode answer(String file, String request) {
        var all = answers(file, request);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no request " + request + " in " + file);
        }
        return all.getFirst();
    }

    /** The answers each time that it was made. */
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
