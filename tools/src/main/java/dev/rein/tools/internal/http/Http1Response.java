package dev.rein.tools.internal.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;

/**
 * Reads one HTTP/1.1 response from a connection that is closed after it. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
final class Http1Response {
    private static final int MAX_HEAD = 256 * 1024;
    private static final int MAX_CHUNK_DIGITS = 15;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int headBytes;

    Http1Response(InputStream in) {
        this.in = new BufferedInputStream(in, 16 * 1024);
    }

    HttpResponse<LimitedBody> read(HttpRequest request, LimitedBody body) throws IOException {
        int status;
        HttpHeaders headers;
        do {
            status = status(line());
            headers = headers();
            if (status == SWITCHING_PROTOCOLS) {
                throw new IOException("the server switched to another protocol");
            }
        } while (status < 200);
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        });
        if (!request.method().equals("HEAD") && status != NO_CONTENT && status != NOT_MODIFIED) {
            readBody(headers, body);
        }
        body.onComplete();
        return new Received(request, status, headers, body);
    }

    private static int status(String line) throws IOException {
        // HTTP/1.1 200 OK
        if (line.length() >= 12 && line.startsWith("HTTP/1.") && line.charAt(8) == ' ') {
            try {
                var status = Integer.parseInt(line.substring(9, 12));
                if (status >= 100) {
                    return status;
                }
            } catch (NumberFormatException e) {
                // Reported below.
            }
        }
        throw new IOException("the response does not begin like HTTP/1.1");
    }

    private HttpHeaders headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            if (colon <= 0 || Character.isWhitespace(line.charAt(0))) {
                throw new IOException("the response has a line that is not a header");
            }
            headers.computeIfAbsent(line.substring(0, colon).strip(), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        try {
            return HttpHeaders.of(headers, (name, value) -> true);
        } catch (IllegalArgumentException e) {
            throw new IOException("the response has an invalid header", e);
        }
    }

    private void readBody(HttpHeaders headers, LimitedBody body) throws IOException {
        var encodings = headers.allValues("Transfer-Encoding");
        if (!encodings.isEmpty()) {
            if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
                throw new IOException("the response has the transfer encoding " + encodings + ", which is unknown");
            }
            readChunks(body);
            return;
        }
        var lengths = headers.allValues("Content-Length").stream().distinct().toList();
        if (lengths.isEmpty()) {
            read(Long.MAX_VALUE, body);
            return;
        }
        if (lengths.size() > 1 || !isNumber(lengths.getFirst())) {
            throw new IOException("the response has the invalid length " + lengths);
        }
        var length = Long.parseLong(lengths.getFirst());
        if (read(length, body) < length && !body.isTruncated()) {
            throw new IOException("the response ended before its body did");
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(each -> each >= '0' && each <= '9');
    }

    private void readChunks(LimitedBody body) throws IOException {
        while (true) {
            headBytes = 0;
            var line = line();
            var semicolon = line.indexOf(';');
            var size = chunkSize((semicolon < 0 ? line : line.substring(0, semicolon)).strip());
            if (size == 0) {
                // Trailers, which nobody needs.
                while (!line().isEmpty()) {}
                return;
            }
            if (read(size, body) < size && !body.isTruncated()) {
                throw new IOException("the response ended before its body did");
            }
            if (body.isTruncated()) {
                return;
            }
            if (!line().isEmpty()) {
                throw new IOException("the response has a chunk of another size than it says");
            }
        }
    }

    private static long chunkSize(String digits) throws IOException {
        try {
            if (digits.length() <= MAX_CHUNK_DIGITS && !digits.startsWith("-") && !digits.startsWith("+")) {
                return Long.parseLong(digits, 16);
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new IOException("the response has a chunk without a valid size");
    }

    /** Reads up to {@code length} bytes, until the end of the connection or until the body is truncated. @return the number read */
    private long read(long length, LimitedBody body) throws IOException {
        long total = 0;
        while (total < length && !body.isTruncated()) {
            var count = in.read(buffer, 0, (int) Math.min(buffer.length, length - total));
            if (count < 0) {
                break;
            }
            total += count;
            body.onNext(List.of(ByteBuffer.wrap(buffer, 0, count)));
        }
        return total;
    }

    /** A line of the head, without its end. */
    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed before the response was complete");
            }
            if (++headBytes > MAX_HEAD) {
                throw new IOException("the response has headers of more than " + MAX_HEAD + " bytes");
            }
            line.append((char) next);
        }
        var end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
            line.setLength(end - 1);
        }
        return line.toString();
    }

    private record Received(HttpRequest request, int statusCode, HttpHeaders headers, LimitedBody body)
            implements HttpResponse<LimitedBody> {
        @Override
        public Optional<HttpResponse<LimitedBody>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
