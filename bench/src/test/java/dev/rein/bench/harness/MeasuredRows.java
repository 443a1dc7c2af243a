package dev.rein.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a whole group, as the command does, and reads the rows that it writes. */
public final class MeasuredRows {
    private MeasuredRows() {}

    /**
     * @param group closed afterwards
     * @param folder for the file with the rows
     * @return the rows by their names, in their order
     */
    public static Map<String, JsonNode> of(Group group, Path folder) throws IOException {
        var json = folder.resolve("rows.json");
        var said = new ByteArrayOutputStream();
        int code;
        try (group) {
            code = new Runner(new PrintStream(said, true, StandardCharsets.UTF_8)).run(group, json);
        }
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        var rows = new LinkedHashMap<String, JsonNode>();
        for (var row : new ObjectMapper().readTree(Files.readString(json))) {
            assertThat(rows.put(row.get("name").asText(), row))
                    .as("two rows of one name")
                    .isNull();
        }
        return rows;
    }
}
