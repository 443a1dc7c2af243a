package dev.rein.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A body that a proxy has compressed although nobody asked for it. Its beginning is read with the first bytes that are wanted. Confined to
 * one thread.
 */
final class DecodedBody extends FilterInputStream {

    private static final int FIRST_BYTE_OF_GZIP = 0x1f;

    private final InputStream encoded;
    private final String encoding;
    private boolean begun;

    private DecodedBody(InputStream encoded, String encoding) {
        super(encoded);
        this.encoded = encoded;
        this.encoding = encoding;
    }

    /** @param encoding the value of the header {@code Content-Encoding}; null for none */
    static InputStream of(InputStream body, @Nullable String encoding) {
        var name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        return name.isEmpty() || name.equals("identity") ? body : new DecodedBody(body, name);
    }

    private InputStream decoded() throws IOException {
        if (!begun) {
            begun = true;
            in = switch (encoding) {
                case "gzip", "x-gzip" -> gunzipped();
                case "deflate" -> new InflaterInputStream(encoded);
                default ->
                    throw new ZipException("its content encoding is \"" + encoding
                            + "\", which cannot be read: have the server or the proxy send it without one");
            };
        }
        return in;
    }

    /** Some proxies set the header and send the body as it is. */
    private InputStream gunzipped() throws IOException {
        var beginning = new PushbackInputStream(encoded, 1);
        var first = beginning.read();
        if (first < 0) {
            return beginning;
        }
        beginning.unread(first);
        return first == FIRST_BYTE_OF_GZIP ? new GZIPInputStream(beginning) : beginning;
    }

    @Override
    public int read() throws IOException {
        return decoded().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return decoded().read(bytes, offset, length);
    }

    /** Closes the body as it was received, which ends a read that waits for it. */
    @Override
    public void close() throws IOException {
        encoded.close();
    }
}
