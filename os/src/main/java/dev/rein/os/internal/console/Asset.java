package dev.rein.os.internal.console;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** A file of the console, ready to be sent. Immutable. */
final class Asset {
    private final String type;
    private final String tag;
    private final byte[] plain;
    private final byte[] zipped;

    private Asset(String type, byte[] plain) {
        this.type = type;
        this.plain = plain;
        this.tag = '"' + hash(plain) + '"';
        this.zipped = zip(plain);
    }

    /** Reads a file beside this class. */
    static Asset of(String path) {
        return of(path, UnaryOperator.identity());
    }

    /** @param edit changes the text of the file */
    static Asset of(String path, UnaryOperator<String> edit) {
        try (var in = Objects.requireNonNull(Asset.class.getResourceAsStream(path), path)) {
            var text = edit.apply(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return new Asset(type(path), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "text/javascript; charset=utf-8";
        };
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] zip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Browsers ask each time whether the file is still the same: a newer server may have other ones. */
    void send(Context http) {
        http.header("Cache-Control", "no-cache").header("ETag", tag).header("Vary", "Accept-Encoding");
        if (tag.equals(http.header("If-None-Match"))) {
            http.status(304);
            return;
        }
        http.contentType(type);
        var accepted = http.header("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            http.header("Content-Encoding", "gzip").result(zipped);
        } else {
            http.result(plain);
        }
    }
}
