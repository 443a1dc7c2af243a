package dev.rein.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a> that have data. */
final class SseReader implements EventReader {

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_FIELD_NAME = 5;
    private static final int MAX_NAME = 200;
    private static final int MAX_UNEXPECTED = 8_000;
    private static final Set<String> OTHER_FIELDS = Set.of("id", "retry", "");

    private final LineBuffer lines;
    private final int maxEventBytes;

    /** The data of the current event. */
    private byte[] data = new byte[0];

    private int length;
    private boolean hasData;
    private String name = "";
    private final StringBuilder unexpected = new StringBuilder();

    SseReader(InputStream in, int maxEventBytes) {
        this.lines = new LineBuffer(in, maxEventBytes);
        this.maxEventBytes = maxEventBytes;
    }

    @Override
    public boolean next() throws IOException {
        if (data.length > LineBuffer.MAX_KEPT_BUFFER) {
            data = new byte[0];
        }
        length = 0;
        hasData = false;
        name = "";
        while (lines.next(length)) {
            if (lines.to() > lines.from()) {
                takeLine();
            } else if (hasData) {
                return true;
            } else {
                name = "";
            }
        }
        takeRest();
        return hasData;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte[] data() {
        return data;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public @Nullable String unexpected() {
        return unexpected.isEmpty() ? null : unexpected.toString();
    }

    private void takeLine() {
        var colon = colon();
        if (isField(colon, DATA)) {
            append(valueStart(colon), lines.to());
        } else if (isField(colon, EVENT)) {
            name = text(valueStart(colon), Math.min(lines.to(), valueStart(colon) + MAX_NAME));
        } else if (!isOtherField(colon)) {
            addUnexpected();
        }
    }

    /** What follows the last line end is no part of an event, unless it is the beginning of one. */
    private void takeRest() {
        if (lines.to() > lines.from()) {
            var colon = colon();
            if (!isField(colon, DATA) && !isField(colon, EVENT) && !isOtherField(colon)) {
                addUnexpected();
            }
        }
    }

    private int colon() {
        var colon = lines.from();
        while (colon < lines.to() && lines.bytes()[colon] != ':') {
            colon++;
        }
        return colon;
    }

    private boolean isField(int colon, byte[] field) {
        return Arrays.equals(lines.bytes(), lines.from(), colon, field, 0, field.length);
    }

    private boolean isOtherField(int colon) {
        return colon - lines.from() <= MAX_FIELD_NAME && OTHER_FIELDS.contains(text(lines.from(), colon));
    }

    private int valueStart(int colon) {
        var value = Math.min(colon + 1, lines.to());
        return value < lines.to() && lines.bytes()[value] == ' ' ? value + 1 : value;
    }

    private void addUnexpected() {
        var left = MAX_UNEXPECTED - unexpected.length();
        if (left > 0) {
            unexpected
                    .append(unexpected.isEmpty() ? "" : "\n")
                    .append(text(lines.from(), Math.min(lines.to(), lines.from() + left)));
        }
    }

    private String text(int from, int to) {
        return new String(lines.bytes(), from, to - from, StandardCharsets.UTF_8);
    }

    private void append(int from, int to) {
        var size = to - from;
        var needed = length + size + (hasData ? 1 : 0);
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, Math.min(2 * data.length, maxEventBytes)));
        }
        if (hasData) {
            data[length++] = '\n';
        }
        System.arraycopy(lines.bytes(), from, data, length, size);
        length += size;
        hasData = true;
    }
}
