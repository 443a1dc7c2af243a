package dev.rein.os;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An HTTP client for tests. */
final class TestClient {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;

    TestClient(AgentOS os) {
        this(os.url());
    }

    TestClient(String base) {
        this.base = base;
    }

    record Answer(int status, String body, HttpResponse<?> response) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(body, e);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The frames of an event stream. */
        List<Frame> frames() {
            var frames = new ArrayList<Frame>();
            for (var block : body.split("\n\n")) {
                if (block.startsWith("event: ") || block.startsWith("id: ")) {
                    frames.add(Frame.of(block));
                }
            }
            return frames;
        }

        List<String> events() {
            return frames().stream().map(Frame::event).toList();
        }
    }

    /**
     * @param id the value of the line that begins with {@code id: }; empty if there is none
     * @param text the frame as received, without that line and the trailing empty line
     */
    record Frame(String id, String event, JsonNode data, String text) {
        static Frame of(String block) {
            var id = block.startsWith("id: ") ? block.substring("id: ".length(), block.indexOf('\n')) : "";
            var text = id.isEmpty() ? block : block.substring(block.indexOf('\n') + 1);
            var lines = text.split("\n", 2);
            try {
                return new Frame(
                        id,
                        lines[0].substring("event: ".length()),
                        JSON.readTree(lines[1].substring("data: ".length())),
                        text);
            } catch (IOException e) {
                throw new UncheckedIOException(block, e);
            }
        }
    }

    static String form(String... namesAndValues) {
        var form = new StringBuilder();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(encode(namesAndValues[i]))
                    .append('=')
                    .append(encode(namesAndValues[i + 1]));
        }
        return form.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    Answer send(HttpRequest request) {
        try {
            var response = CLIENT.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path) {
        return send(request(path).GET().build());
    }

    Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    Answer json(String method, String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer post(String path, String... form) {
        return send(formRequest(path, form));
    }

    HttpRequest formRequest(String path, String... form) {
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(form)))
                .build();
    }

    /** An event stream read frame by frame. */
    Stream open(String path, String... form) {
        try {
            return new Stream(CLIENT.send(formRequest(path, form), BodyHandlers.ofInputStream())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static final class Stream implements AutoCloseable {
        private final InputStream in;
        private final java.io.BufferedReader lines;

        Stream(InputStream in) {
            this.in = in;
            this.lines = new java.io.BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
        }

        /** The next frame, skipping comments; null at the end. */
        Frame next() {
            try {
                var block = new StringBuilder();
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.isEmpty()) {
                        if (block.toString().startsWith("event: ")
                                || block.toString().startsWith("id: ")) {
                            return Frame.of(block.toString());
                        }
                        block.setLength(0);
                    } else {
                        block.append(block.isEmpty() ? "" : "\n").append(line);
                    }
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Reads up to the frame of this name. */
        Frame until(String event) {
            for (var frame = next(); frame != null; frame = next()) {
                if (frame.event().equals(event)) {
                    return frame;
                }
            }
            throw new AssertionError("the stream has ended without a " + event);
        }

        List<Frame> rest() {
            var frames = new ArrayList<Frame>();
            for (var frame = next(); frame != null; frame = next()) {
                frames.add(frame);
            }
            return frames;
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
