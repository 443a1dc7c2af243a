package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    private static final int MAX_BYTES = 10_000;

    @Test
    void everyLineThatIsNotBlankIsAnEvent() throws IOException {
        assertThat(read("{\"a\":1}\n\n  \r\n{\"é\":2}\r\n{\"c\":3}"))
                .containsExactly("{\"a\":1}", "{\"é\":2}", "{\"c\":3}");
        assertThat(read("")).isEmpty();
    }

    @Test
    void aByteOrderMarkBeforeTheFirstLineIsSkipped() throws IOException {
        assertThat(read("\ufeff{}\n{}\n")).containsExactly("{}", "{}");
    }

    @Test
    void aPageIsOneEvent() throws IOException {
        assertThat(read("{}\n  <html>\n<title>502</title>\n\n</html>"))
                .containsExactly("{}", "  <html>\n<title>502</title>\n\n</html>");
    }

    @Test
    void aLineAboveTheMaximumSizeIsRejected() throws IOException {
        var fits = "x".repeat(MAX_BYTES - 20);

        assertThat(read(fits + "\n" + fits + "\n")).containsExactly(fits, fits);
        assertThatExceptionOfType(LineBuffer.TooLargeException.class).isThrownBy(() -> read("x".repeat(MAX_BYTES + 1)));
    }

    private static List<String> read(String text) throws IOException {
        var reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), MAX_BYTES);
        var events = new ArrayList<String>();
        while (reader.next()) {
            events.add(new String(reader.data(), 0, reader.length(), StandardCharsets.UTF_8));
        }
        return events;
    }
}
