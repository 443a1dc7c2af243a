package dev.rein.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response that is read line by line. */
final class Lines implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader reader;

    Lines(HttpResponse<InputStream> response) {
        this.response = response;
        this.reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Nullable
    String next() throws IOException {
        return reader.readLine();
    }

    /** Reads up to a line that begins so, and returns it. */
    String until(String start) throws IOException {
        for (var line = next(); line != null; line = next()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("no line begins with " + start);
    }

    List<String> rest() throws IOException {
        var all = new ArrayList<String>();
        for (var line = next(); line != null; line = next()) {
            all.add(line);
        }
        return all;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
