package dev.rein.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a> that have data, or are errors. A
 * JSON document that is not framed as an event is returned as one: servers send errors and complete responses so, and lines of JSON.
 * Servers also omit the blank line between events: a line of data behind a complete JSON document begins another event.
 */
final class SseReader implements EventReader {

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final String ERROR = "error";
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

    /** The name of the next event, or of the current one, if it ends before there are further data. */
    private String laterName = "";

    private final JsonExtent.Whole whole = new JsonExtent.Whole();
    private final StringBuilder unexpected = new StringBuilder();

    /** The document that is being read; null for none. */
    private @Nullable JsonExtent document;

    private int documents;
    private String firstDocument = "";

    /** Where the rest of the current line begins; negative if the whole line has been read. */
    private int rest = -1;

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
        whole.reset();
        name = laterName;
        laterName = "";
        while (true) {
            var ended = rest < 0 && !lines.next(length);
            var from = rest < 0 ? lines.from() : rest;
            rest = -1;
            if (document != null || isDocument(from)) {
                if (readDocument(from)) {
                    return true;
                }
            } else if (ended) {
                takeRest(from);
            } else if (lines.to() > from) {
                if (takeLine(from)) {
                    return true;
                }
            } else if (hasData || name.equals(ERROR)) {
                name = laterName.isEmpty() ? name : laterName;
                laterName = "";
                return true;
            } else {
                name = "";
            }
            if (ended) {
                return endOfStream();
            }
        }
    }

    private boolean isDocument(int from) {
        var first = from;
        while (first < lines.to() && (lines.bytes()[first] == ' ' || lines.bytes()[first] == '\t')) {
            first++;
        }
        return first < lines.to() && unexpected.isEmpty() && JsonExtent.begins(lines.bytes()[first]);
    }

    /** Whether the data are complete: those of the document, or of the event before it. */
    private boolean readDocument(int from) {
        if (document == null) {
            if (hasData) {
                rest = from;
                return true;
            }
            document = new JsonExtent();
        }
        var end = document.scan(lines.bytes(), from, lines.to());
        if (lines.to() > from) {
            append(from, end < 0 ? lines.to() : end);
        }
        if (end < 0) {
            return false;
        }
        document = null;
        rest = isBlank(end) ? -1 : end;
        documents++;
        firstDocument = documents == 1 ? beginning(data, 0, length) : "";
        return true;
    }

    private boolean isBlank(int from) {
        for (var i = from; i < lines.to(); i++) {
            if (lines.bytes()[i] != ' ' && lines.bytes()[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private boolean endOfStream() {
        if (document == null) {
            return hasData;
        }
        // It is cut.
        addUnexpected(data, 0, length);
        document = null;
        return false;
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
        if (!unexpected.isEmpty()) {
            return unexpected.toString();
        }
        return documents == 1 ? firstDocument : null;
    }

    /** Whether the event is complete, and the line begins another one. */
    private boolean takeLine(int from) {
        if (isBlank(from)) {
            return false;
        }
        var colon = colon(from);
        if (isField(from, colon, DATA)) {
            if (!isBlank(valueStart(colon)) && hasWholeData()) {
                rest = from;
                return true;
            }
            append(valueStart(colon), lines.to());
        } else if (isField(from, colon, EVENT)) {
            var newName = text(valueStart(colon), Math.min(lines.to(), valueStart(colon) + MAX_NAME));
            if (hasWholeData()) {
                laterName = newName;
            } else {
                name = newName;
            }
        } else if (!isOtherField(from, colon)) {
            addUnexpected(lines.bytes(), from, lines.to());
        }
        return false;
    }

    private boolean hasWholeData() {
        return hasData && whole.isWhole(data, length);
    }

    /** What follows the last line end is no part of an event, unless it is the beginning of one. */
    private void takeRest(int from) {
        if (!isBlank(from)) {
            var colon = colon(from);
            if (!isField(from, colon, DATA) && !isField(from, colon, EVENT) && !isOtherField(from, colon)) {
                addUnexpected(lines.bytes(), from, lines.to());
            }
        }
    }

    private int colon(int from) {
        var colon = from;
        while (colon < lines.to() && lines.bytes()[colon] != ':') {
            colon++;
        }
        return colon;
    }

    private boolean isField(int from, int colon, byte[] field) {
        return Arrays.equals(lines.bytes(), from, colon, field, 0, field.length);
    }

    private boolean isOtherField(int from, int colon) {
        return colon - from <= MAX_FIELD_NAME && OTHER_FIELDS.contains(text(from, colon));
    }

    private int valueStart(int colon) {
        var value = Math.min(colon + 1, lines.to());
        return value < lines.to() && lines.bytes()[value] == ' ' ? value + 1 : value;
    }

    private void addUnexpected(byte[] bytes, int from, int to) {
        if (unexpected.length() < MAX_UNEXPECTED) {
            unexpected.append(unexpected.isEmpty() ? "" : "\n").append(beginning(bytes, from, to));
        }
    }

    private static String beginning(byte[] bytes, int from, int to) {
        return new String(bytes, from, Math.min(to - from, MAX_UNEXPECTED), StandardCharsets.UTF_8);
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
