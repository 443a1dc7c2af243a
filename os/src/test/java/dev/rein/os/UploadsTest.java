package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.InputFile;
import dev.rein.testkit.ScriptedModel;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files attached to a message. */
class UploadsTest {
    private final ScriptedModel model = ScriptedModel.always("ok").repeating();
    private final ScriptedModel reading = ScriptedModel.always("ok").repeating().files("application/pdf", "audio/*");
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .agents(
                    Agent.builder().name("Writer").model(model).build(),
                    Agent.builder().name("Reader").model(reading).build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    private TestClient.Answer upload(String name, String type) {
        var body = "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\nfalse\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + name + "\"\r\n"
                + (type == null ? "" : "Content-Type: " + type + "\r\n")
                + "\r\ncontent\r\n--b--\r\n";
        return http.send(http.request("/agents/writer/runs")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "a.txt, text/plain, 200",
        "a.txt, application/octet-stream, 200",
        "notes.MD, application/octet-stream, 200",
        "a.csv, , 200",
        "a.xml, application/xml; charset=utf-8, 200",
        "a.png, application/octet-stream, 200",
        "a.xyz, application/octet-stream, 400",
        "txt, application/x-nonsense, 400",
        "a, , 400"
    })
    void areToldApartByTypeAndThenByName(String name, String type, int status) {
        var answer = upload(name, type);
        assertThat(answer.status()).isEqualTo(status);
        if (status == 400) {
            assertThat(answer.body())
                    .startsWith("{\"detail\":\"Unsupported file type: " + name + " is ")
                    .contains("image/png", "text files");
        } else if (!name.endsWith("png")) {
            assertThat(answer.json().at("/input/input_content").asText()).contains(name + ":\ncontent");
        }
    }

    @Test
    void invalidMediaAreRefused() {
        for (var name : new String[] {"images", "audio", "videos", "input_files"}) {
            for (var value : new String[] {"nope", "{}", "[1]"}) {
                assertThat(http.post("/agents/writer/runs", "message", "hi", "stream", "false", name, value))
                        .returns(422, TestClient.Answer::status)
                        .returns(
                                "{\"detail\":\"Invalid " + name + ": expected a JSON array of objects\"}",
                                TestClient.Answer::body);
            }
        }
    }

    private TestClient.Answer upload(String agent, String name, String type, byte[] content) throws Exception {
        var body = new ByteArrayOutputStream();
        body.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\nfalse\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + name + "\"\r\n"
                        + "Content-Type: " + type + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return http.send(http.request("/agents/" + agent + "/runs")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8, text/plain",
        "UTF-8, text/plain; charset=utf-8",
        "ISO-8859-1, text/plain; charset=iso-8859-1",
        "ISO-8859-1, text/plain;charset=\"latin1\"",
        "windows-1252, text/csv; charset=windows-1252",
        "UTF-16, text/plain",
        "x-UTF-16LE-BOM, text/plain",
        "x-UTF-16LE-BOM, text/plain; charset=utf-8",
        "UTF-16LE, text/plain; charset=utf-16le",
        "X-UTF-32BE-BOM, text/plain",
        "X-UTF-32LE-BOM, text/plain"
    })
    void textsArriveAsTheyWereWritten(String charset, String type) throws Exception {
        var answer = upload("writer", "a.txt", type, "Grüße, café".getBytes(Charset.forName(charset)));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/input/input_content").asText()).isEqualTo("hi\n\na.txt:\nGrüße, café");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, text/plain, not a text in UTF-8",
        "UTF-16LE, text/plain, not a text in UTF-8",
        "UTF-16BE, text/plain; charset=utf-8, not a text in UTF-8",
        "UTF-8, text/plain; charset=us-ascii, not a text in US-ASCII",
        "UTF-8, text/plain; charset=klingon, charset klingon"
    })
    void textsInAnUnknownEncodingAreRefused(String charset, String type, String why) throws Exception {
        var answer = upload("writer", "a.txt", type, "Grüße".getBytes(Charset.forName(charset)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(why, "a.txt", "UTF-8");
        assertThat(model.callsStarted()).isZero();
    }

    @Test
    void aModelThatTakesPdfGetsThem() throws Exception {
        var pdf = "%PDF-1.7 and so on".getBytes(StandardCharsets.US_ASCII);

        var answer = upload("reader", "report.pdf", "application/octet-stream", pdf);

        assertThat(answer.status()).isEqualTo(200);
        var file = InputFile.of("report.pdf", "application/pdf", pdf);
        assertThat(reading.request(1).messages().getLast().files()).containsExactly(file);
        assertThat(answer.json().at("/input/files/0/filename").asText()).isEqualTo("report.pdf");
        assertThat(answer.json().at("/input/files/0/size").asInt()).isEqualTo(pdf.length);
        assertThat(upload("writer", "report.pdf", "application/pdf", pdf).body())
                .contains("Unsupported file type: report.pdf is application/pdf; this model takes images");
        assertThat(upload("reader", "empty.pdf", "application/pdf", new byte[0]).status())
                .isEqualTo(400);
        assertThat(upload("reader", "a.zip", "application/zip", pdf).body())
                .contains("a.zip is application/zip", "application/pdf, audio/*");
    }

    @Test
    void mediaInJsonReachModelsThatTakeThem() {
        var answer = http.post(
                "/agents/reader/runs",
                "message",
                "hi",
                "stream",
                "false",
                "input_files",
                "[{\"filename\":\"a.pdf\",\"content\":\"AQID\"}]",
                "audio",
                "[{\"content\":\"BAUG\",\"format\":\"mp3\"}]");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(reading.request(1).messages().getLast().files())
                .containsExactly(
                        new InputFile("a.pdf", "application/pdf", "AQID"),
                        new InputFile("audio.mp3", "audio/mpeg", "BAUG"));
        assertThat(answer.json().at("/input/audio/0/content").asText()).isEqualTo("BAUG");
        assertThat(http.post(
                                "/agents/reader/runs",
                                "message",
                                "hi",
                                "stream",
                                "false",
                                "input_files",
                                "[{\"filename\":\"a.pdf\",\"content\":\"not base 64!\"}]")
                        .body())
                .contains("a.pdf cannot be used");
    }
}
