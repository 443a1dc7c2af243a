package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.testkit.ScriptedModel;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files attached to a message. */
class UploadsTest {
    private final ScriptedModel model = ScriptedModel.always("ok").repeating();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .agents(Agent.builder().name("Writer").model(model).build())
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
            assertThat(answer.body()).isEqualTo("{\"detail\":\"Unsupported file type\"}");
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
}
