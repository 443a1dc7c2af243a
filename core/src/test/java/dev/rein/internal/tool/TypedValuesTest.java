package dev.rein.internal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.run.TypeRef;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedValuesTest {
    record Person(
            String name,
            int age,
            Optional<LocalDate> born,
            @Nullable List<Person> children) {}

    private static final AnswerType PERSON = AnswerType.of(TypeRef.of(Person.class));
    private static final Person ANN = new Person("Ann", 7, Optional.empty(), null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"Ann\",\"age\":7}",
                "{\"name\":\"Ann\",\"age\":7.0,\"born\":null,\"children\":null,\"more\":{\"x\":1}}",
                "```json\n{\"name\":\"Ann\",\"age\":7}\n```",
                "  ```\n{\"name\":\"Ann\",\n\"age\":7}\n```  \n",
            })
    void validAnswersAreParsed(String answer) {
        assertThat(TypedValues.read(answer, PERSON)).isEqualTo(ANN);
    }

    /** Quadratic in the number of blanks this takes an hour. */
    @Test
    @Timeout(60)
    void blanksInAFenceTakeNoTime() {
        var blanks = " ".repeat(500_000);

        assertThat(TypedValues.read("```json\n{\"name\":\"Ann\"," + blanks + "\"age\":7}" + blanks + "\n```", PERSON))
                .isEqualTo(ANN);
        assertThatIllegalArgumentException().isThrownBy(() -> TypedValues.read("```json\n" + blanks + "x", PERSON));
    }

    @Test
    void nestedValuesAreParsed() {
        assertThat(TypedValues.read(
                        "{\"name\":\"Bo\",\"age\":40,\"born\":\"1986-02-03\",\"children\":[{\"name\":\"Ann\",\"age\":7}]}",
                        PERSON))
                .isEqualTo(new Person("Bo", 40, Optional.of(LocalDate.of(1986, 2, 3)), List.of(ANN)));
    }

    @Test
    void invalidAnswersAreRejectedWithThePlace() {
        assertRejected("{\"age\":7}", "\"name\" is missing: give a string");
        assertRejected("{\"name\":null,\"age\":7}", "\"name\" is null: give a string");
        assertRejected("{\"name\":\"Ann\",\"age\":\"old\"}", "\"age\" is \"old\": give a whole number");
        assertRejected("{\"name\":\"Ann\",\"age\":null}", "\"age\" is null: give a whole number");
        assertRejected(
                "{\"name\":\"Bo\",\"age\":40,\"children\":[{\"name\":\"Ann\"}]}",
                "\"children[0].age\" is missing: give a whole number");
        assertRejected("[]", "the answer is []: give an object with \"name\"");
        assertRejected("null", "null", "\"properties\"");
        assertRejected("", "empty", "\"properties\"");
        assertRejected("Sure! {\"name\":\"Ann\",\"age\":7}", "not valid JSON", "line 1", "\"properties\"");
        assertRejected("{\"name\":\"Ann\",\"age\":7", "not valid JSON");
    }

    private static void assertRejected(String answer, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypedValues.read(answer, PERSON))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }
}
