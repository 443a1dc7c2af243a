package dev.rein.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Editors know the properties. The description is made by Maven's build. */
class MetadataTest {

    @Test
    void eachPropertyIsDescribed() throws Exception {
        try (var in = Objects.requireNonNull(
                ReinProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
            var described = new ArrayList<String>();
            for (var property : new ObjectMapper().readTree(in).path("properties")) {
                described.add(property.path("name").asText());
                assertThat(property.path("description").asText())
                        .as(property.path("name").asText())
                        .isNotBlank();
            }
            assertThat(described)
                    .containsAll(names("rein.store", ReinProperties.Store.class))
                    .containsAll(names("rein.runs", ReinProperties.Runs.class))
                    .containsAll(names("rein.context", ReinProperties.Context.class))
                    .containsAll(names("rein.model", ModelProperties.class))
                    .containsAll(names("rein.agent-os", AgentOSProperties.class));
        }
    }

    private static List<String> names(String prefix, Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> prefix + "."
                        + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .toList();
    }
}
