package dev.rein.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rein.run.RunInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as input: what they may be, and which of them a model gets. */
class InputFileTest {
    private static final byte[] CONTENT = "%PDF-1.7".getBytes(StandardCharsets.US_ASCII);
    private static final InputFile PDF = InputFile.of("report.pdf", "Application/PDF; x=y", CONTENT);

    private record FileModel(Set<String> fileTypes) implements Model {
        @Override
        public String id() {
            return "m1";
        }

        @Override
        public String provider() {
            return "Test";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            throw new UnsupportedOperationException();
        }
    }

    private static List<Message> sent(Set<String> types, Message... messages) {
        return OutgoingRequests.prepare(ModelRequest.of(messages), new FileModel(types), ToolCallIds.ANY)
                .messages();
    }

    @Test
    void aFileHasItsContentSizeAndKind() {
        assertThat(PDF.mediaType()).isEqualTo("application/pdf");
        assertThat(PDF.bytes()).isEqualTo(CONTENT);
        assertThat(PDF.size()).isEqualTo(8);
        assertThat(PDF.kind()).isEqualTo(InputFile.Kind.DOCUMENT);
        assertThat(PDF.dataUrl()).isEqualTo("data:application/pdf;base64,JVBERi0xLjc=");
        assertThat(PDF).hasToString("report.pdf (application/pdf, 8 bytes)");
        assertThat(InputFile.of("a", "audio/x-wav", CONTENT).mediaType()).isEqualTo("audio/wav");
        assertThat(RunInput.of("hi")
                        .audio(CONTENT, "audio/mp3")
                        .files()
                        .getFirst()
                        .kind())
                .isEqualTo(InputFile.Kind.AUDIO);
        assertThat(RunInput.of("hi")
                        .video(CONTENT, "video/mp4")
                        .files()
                        .getFirst()
                        .kind())
                .isEqualTo(InputFile.Kind.VIDEO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunInput.of("hi").audio(CONTENT, "video/mp4"))
                .withMessageContaining("video/mp4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pdf", "application/", "a b/c", "image/png", "text/plain\nx: y/z"})
    void otherTypesAreRefused(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputFile.of("a.pdf", type, CONTENT))
                .withMessageContaining("a.pdf");
    }

    @Test
    void emptyHugeAndUnnamedFilesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> InputFile.of("a.pdf", "application/pdf", new byte[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputFile.of("a.pdf", "application/pdf", new byte[InputFile.MAX_BYTES + 1]))
                .withMessageContaining("33554433 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> InputFile.of(" ", "application/pdf", CONTENT));
        assertThatIllegalArgumentException().isThrownBy(() -> InputFile.of("a\nb", "application/pdf", CONTENT));
        assertThatIllegalArgumentException().isThrownBy(() -> new InputFile("a", "application/pdf", "no base 64"));
    }

    @ParameterizedTest
    @CsvSource({"a.PDF, application/pdf", "b.wav, audio/wav", "c.mp4, video/mp4", "d.csv, text/csv"})
    void aFileIsReadWithTheTypeOfItsName(String name, String type, @TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve(name), CONTENT);

        assertThat(InputFile.read(file)).isEqualTo(InputFile.of(name, type, CONTENT));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputFile.read(Files.write(folder.resolve("x.unknown"), CONTENT)))
                .withMessageContaining("x.unknown");
    }

    @Test
    void aFileWithoutAnEndIsNotReadAsAWhole(@TempDir Path folder) throws Exception {
        var zero = Path.of("/dev/zero");
        assumeTrue(Files.exists(zero));
        var endless = Files.createSymbolicLink(folder.resolve("endless.pdf"), zero);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputFile.read(endless))
                .withMessageContaining("at most " + InputFile.MAX_BYTES);
    }

    @Test
    void aModelGetsTheFilesThatItTakes() {
        var audio = InputFile.of("talk.wav", "audio/wav", CONTENT);
        var message = Message.user("", List.of(), List.of(PDF, audio));

        assertThat(sent(Set.of("application/pdf", "audio/*"), message)
                        .getFirst()
                        .files())
                .containsExactly(PDF, audio);
        var failure = catchThrowableOfType(ModelException.class, () -> sent(Set.of("application/pdf"), message));
        assertThat(failure.kind()).isEqualTo(ModelException.Kind.BAD_REQUEST);
        assertThat(failure)
                .hasMessageContaining("talk.wav")
                .hasMessageContaining("audio/wav")
                .hasMessageContaining("it takes application/pdf");
        assertThat(catchThrowableOfType(ModelException.class, () -> sent(Set.of(), message)))
                .hasMessageContaining("it takes no files");
    }

    @Test
    void filesOfEarlierTurnsAreNamedIfTheModelDoesNotTakeThem() {
        var messages = sent(
                Set.of(),
                Message.user("What does it say?", List.of(), List.of(PDF)),
                Message.assistant("Nothing"),
                Message.user("Sure?"));

        assertThat(messages.getFirst().files()).isEmpty();
        assertThat(messages.getFirst().content()).contains("What does it say?", "report.pdf");
    }
}
