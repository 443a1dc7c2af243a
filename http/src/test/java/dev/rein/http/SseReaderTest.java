package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseReaderTest {

    private static final int MAX_BYTES = 10_000;

    @Test
    void eventsComeOneByOne() throws IOException {
        assertThat(read("data: one\n\ndata: two\n\n")).containsExactly("one", "two");
    }

    @Test
    void linesOfOneEventAreJoined() throws IOException {
        assertThat(read("data: a\ndata:b\ndata\ndata:  c\n\n")).containsExactly("a\nb\n\n c");
    }

    @Test
    void everythingButDataIsIgnored() throws IOException {
        assertThat(read(": hi\n\n\nevent: x\n\nevent: y\nid: 1\ndata: one\nretry: 2\n\ndatabase: no\ndat\n\ndata\n\n"))
                .containsExactly("one", "");
    }

    @Test
    void linesThatAreNotPartOfAnEventAreRemembered() throws IOException {
        var reader = new SseReader(
                new ByteArrayInputStream(": hi\nevent: x\nid\nretry: 1\ndata: 1\n\n<html>502</html>\n{}\n"
                        .getBytes(StandardCharsets.UTF_8)),
                MAX_BYTES);

        assertThat(reader.next()).isTrue();
        assertThat(reader.unexpected()).isNull();
        assertThat(reader.next()).isFalse();
        assertThat(reader.unexpected()).isEqualTo("<html>502</html>\n{}");
    }

    @Test
    void contentBehindTheLastLineEndIsRememberedUnlessItBeginsAnEvent() throws IOException {
        for (var rest : new String[] {"{\"error\": ", "<p>", "data: {", "event: x", "data", ""}) {
            var reader = new SseReader(
                    new ByteArrayInputStream(("data: 1\n\n" + rest).getBytes(StandardCharsets.UTF_8)), MAX_BYTES);
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isFalse();
            assertThat(reader.unexpected()).isEqualTo(rest.startsWith("{") || rest.startsWith("<") ? rest : null);
        }
    }

    @Test
    void documentsThatAreNotFramedAreEvents() throws IOException {
        assertThat(read("{\"a\": 1}")).containsExactly("{\"a\": 1}");
        assertThat(read("\ufeff \n\n  {\n \"a}\": \"{\\\"\",\n \"b\": [1]\n}\n\n"))
                .containsExactly("  {\n \"a}\": \"{\\\"\",\n \"b\": [1]\n}");
        assertThat(read("{\"a\": 1}\r\n{\"a\": 2}\r\n")).containsExactly("{\"a\": 1}", "{\"a\": 2}");
        assertThat(read("[{\"a\": 1},\n{\"a\": 2}]\n")).containsExactly("[{\"a\": 1},\n{\"a\": 2}]");
        assertThat(read("data: 1\n{\"a\": 1}\ndata: 2\n\n{\"a\": 2}data: 3\n\n"))
                .containsExactly("1", "{\"a\": 1}", "2", "{\"a\": 2}", "3");
    }

    @Test
    void aDocumentThatIsAllOfTheContentIsRememberedAndOneThatIsCut() throws IOException {
        assertThat(unexpected("{\"a\": 1}\n")).isEqualTo("{\"a\": 1}");
        assertThat(unexpected("{\"a\": 1}\n{\"a\": 2}\n")).isNull();
        assertThat(unexpected("{\"a\":\n[1, 2\n")).isEqualTo("{\"a\":\n[1, 2");
        assertThat(unexpected("data: 1\n\n")).isNull();
    }

    @Test
    void aLineOfDataBehindACompleteDocumentBeginsAnotherEvent() throws IOException {
        assertThat(read("data: {\"a\": 1}\ndata: {\"a\": \"}\"}\ndata: [DONE]\n\n"))
                .containsExactly("{\"a\": 1}", "{\"a\": \"}\"}", "[DONE]");
        assertThat(read("data: {\ndata: \"a\": [1,\ndata: 2]}\ndata:\ndata: {}\n\n"))
                .containsExactly("{\n\"a\": [1,\n2]}\n", "{}");
        assertThat(read("data: {\"a\": 1}\n: comment\nid: 1\ndata: 7\n\n")).containsExactly("{\"a\": 1}", "7");
        assertThat(read("data: one\ndata: {}\n\n")).containsExactly("one\n{}");
    }

    @Test
    void eventsWithoutABlankLineBetweenThemKeepTheirNames() throws IOException {
        assertThat(names("event: a\ndata: {}\nevent: b\ndata: {}\n\ndata: {}\n\nevent: c\ndata: {}\nevent: d\n\n"))
                .containsExactly("a", "b", "", "d");
    }

    @Test
    void anErrorNeedsNoData() throws IOException {
        assertThat(names("event: error\n\nevent: ping\n\ndata: 1\n\n")).containsExactly("error", "");
    }

    private static List<String> names(String text) throws IOException {
        var reader = new SseReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), MAX_BYTES);
        var names = new ArrayList<String>();
        while (reader.next()) {
            names.add(reader.name());
        }
        return names;
    }

    private static String unexpected(String text) throws IOException {
        var reader = new SseReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), MAX_BYTES);
        while (reader.next()) {}
        return reader.unexpected();
    }

    @Test
    void aDocumentAboveTheMaximumSizeIsRejected() {
        assertThatExceptionOfType(LineBuffer.TooLargeException.class)
                .isThrownBy(() -> read("[\n" + "1,\n".repeat(MAX_BYTES)));
    }

    @Test
    void unexpectedContentIsKeptToALimit() throws IOException {
        var reader = new SseReader(
                new ByteArrayInputStream("no event at all\n".repeat(10_000).getBytes(StandardCharsets.UTF_8)),
                MAX_BYTES);

        assertThat(reader.next()).isFalse();
        assertThat(reader.unexpected()).startsWith("no event at all\nno event").hasSizeBetween(7_000, 9_000);
    }

    @Test
    void aByteOrderMarkBeforeTheFirstLineIsSkipped() throws IOException {
        assertThat(read("\ufeffdata: one\n\ndata: \ufefftwo\n\n")).containsExactly("one", "\ufefftwo");
        assertThat(read("\ufeff\ndata: one\n\n")).containsExactly("one");
    }

    @Test
    void eventsHaveTheNameOfTheirLastEventLine() throws IOException {
        var reader = new SseReader(
                new ByteArrayInputStream(("event: lost\n\nevent:first\nevent: message_start\ndata: 1\n\ndata: 2\n\n"
                                + "data: 3\nevent: ping\n\n")
                        .getBytes(StandardCharsets.UTF_8)),
                MAX_BYTES);
        var names = new ArrayList<String>();
        while (reader.next()) {
            names.add(reader.name());
        }
        assertThat(names).containsExactly("message_start", "", "ping");
    }

    @Test
    void carriageReturnsEndLinesToo() throws IOException {
        assertThat(read("data: one\r\n\r\ndata: two\r\n\r\n")).containsExactly("one", "two");
        assertThat(read("data: one\r\rdata: two\r\r")).containsExactly("one", "two");
        assertThat(read("data: a\rdata: b\r\ndata: c\n\rdata: d\n\ndata: e\r\n\r"))
                .containsExactly("a\nb\nc", "d", "e");
    }

    @Test
    void aLineThatEndsWithACarriageReturnIsReadBeforeTheNextByteArrives() throws IOException {
        try (var in = new PipedInputStream();
                var out = new PipedOutputStream(in)) {
            var reader = new SseReader(in, MAX_BYTES);
            out.write("data: one\r\r".getBytes(StandardCharsets.UTF_8));

            // Would wait for ever.
            assertThat(reader.next()).isTrue();
            out.write("\ndata: two\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(reader.next()).isTrue();
            assertThat(new String(reader.data(), 0, reader.length(), StandardCharsets.UTF_8))
                    .isEqualTo("two");
        }
    }

    @Test
    void anIncompleteEventAtTheEndIsDropped() throws IOException {
        assertThat(read("data: one\n\ndata: tw")).containsExactly("one");
        assertThat(read("")).isEmpty();
    }

    @Test
    void theLastEventNeedsNoBlankLine() throws IOException {
        assertThat(read("data: one\n\ndata: two\n")).containsExactly("one", "two");
    }

    @Test
    void chunkSizesMakeNoDifference() throws IOException {
        var random = new Random(7);
        var expected = new ArrayList<String>();
        var text = new StringBuilder();
        for (var i = 0; i < 300; i++) {
            var data = "é🐉" + "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 5_000 : 50));
            expected.add(data);
            text.append("data: ")
                    .append(data)
                    .append(List.of("\n\n", "\r\n\r\n", "\r\r").get(random.nextInt(3)));
        }
        for (var size : new int[] {1, 7, 511, 512, 513, 100_000}) {
            assertThat(read(inChunks(text.toString(), size))).isEqualTo(expected);
        }
    }

    @Test
    void anEventBelowTheMaximumSizeIsReadAndALargerOneRejected() throws IOException {
        var fits = "x".repeat(MAX_BYTES - 20);

        assertThat(read("data: " + fits + "\n\n")).containsExactly(fits);
        assertThatExceptionOfType(LineBuffer.TooLargeException.class)
                .isThrownBy(() -> read("data: ok\n\ndata: " + "x".repeat(MAX_BYTES) + "\n\n"));
    }

    @Test
    void allLinesOfAnEventCountTowardsItsSize() {
        assertThatExceptionOfType(LineBuffer.TooLargeException.class)
                .isThrownBy(() -> read("data: 0123456789\n".repeat(MAX_BYTES / 10)));
    }

    @Test
    void commentsDoNotCountTowardsTheSizeOfAnEvent() throws IOException {
        assertThat(read(": keep-alive\n\n".repeat(MAX_BYTES) + "data: one\n\n")).containsExactly("one");
    }

    private static List<String> read(String text) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> read(InputStream in) throws IOException {
        var reader = new SseReader(in, MAX_BYTES);
        var events = new ArrayList<String>();
        while (reader.next()) {
            events.add(new String(reader.data(), 0, reader.length(), StandardCharsets.UTF_8));
        }
        return events;
    }

    private static InputStream inChunks(String text, int size) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var chunks = new ArrayList<InputStream>();
        for (var i = 0; i < bytes.length; i += size) {
            chunks.add(new ByteArrayInputStream(bytes, i, Math.min(size, bytes.length - i)));
        }
        return new SequenceInputStream(Collections.enumeration(chunks));
    }
}
