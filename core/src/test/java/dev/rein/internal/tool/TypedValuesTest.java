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

    @SuppressWarnings("unchecked")
    private static <T> T read(String answer, Class<T> type) {
        return (T) TypedValues.read(answer, AnswerType.of(TypeRef.of(type)));
    }

    record Person(
            String name,
            int age,
            Optional<LocalDate> born,
            @Nullable List<Person> children) {}

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
        assertThat(read(answer, Person.class)).isEqualTo(ANN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>She may be {\"name\":\"Ann\",\"age\":6}. No, 7.</think>\n{\"name\":\"Ann\",\"age\":7}",
                "She may be {\"name\":\"Ann\",\"age\":6}. No, 7.</think>{\"name\":\"Ann\",\"age\":7}",
                "<thinking>7</thinking>```json\n{\"name\":\"Ann\",\"age\":7}\n```",
                "Here is the person:\n```json\n{\"name\":\"Ann\",\"age\":7}\n```",
                "Here is the person:\n```json\n{\"name\":\"Ann\",\"age\":7}\n```\nAnything else?",
                "```json {\"name\":\"Ann\",\"age\":7} ```",
                "```{\"name\":\"Ann\",\"age\":7}```",
                "{\"name\":\"Ann\",\"age\":7}\n\nI hope this helps!",
                "Sure [1]! {\"name\":\"Ann\",\"age\":7} {is} it.",
                "{\"name\":\"Ann\",\"age\":7,}",
                "{\"name\":\"Ann\",\"age\":7}\n{\"name\":\"Ann\",\"age\":7}",
                "For example {\"name\":\"Bo\"}, but here: {\"name\":\"Ann\",\"age\":7}",
                "\uFEFF{\"name\":\"Ann\",\"age\":7}",
            })
    void theOneValueThatFitsIsTakenFromProse(String answer) {
        assertThat(read(answer, Person.class)).isEqualTo(ANN);
    }

    @Test
    void otherTypesAreTakenFromProseToo() {
        assertThat(read("The names are [\"Ann\", \"Bo\",] as of [1].", String[].class))
                .containsExactly("Ann", "Bo");
        assertThat(read("It is:\n```json\n42\n```", Integer.class)).isEqualTo(42);
        assertThat(read("```true```", Boolean.class)).isTrue();
        // Which of them is meant can't be known.
        assertThatIllegalArgumentException().isThrownBy(() -> read("It is not 41.", Integer.class));
    }

    @Test
    void ofSeveralDifferentValuesNoneIsGuessed() {
        assertRejected(
                "Either {\"name\":\"Ann\",\"age\":7} or {\"name\":\"Ann\",\"age\":8}",
                "2 different values",
                "\"properties\"");
    }

    @Test
    void aValueWithinAnotherIsNotGuessedEither() {
        assertRejected("The answer: {\"person\":{\"name\":\"Ann\",\"age\":7}}", "\"name\" is missing");
    }

    @ParameterizedTest
    @Timeout(60)
    @ValueSource(strings = {"[", "[1,", "{\"a\":", "[\"\\\"", "{\"a\":[", "<think>", "</think>", "```", "[1]", "{} "})
    void textThatResemblesJsonTakesNoTime(String part) {
        var text = part.repeat(1_000_000 / part.length());

        assertThatIllegalArgumentException().isThrownBy(() -> read(text, Person.class));
    }

    /** Quadratic in the number of blanks this takes an hour. */
    @Test
    @Timeout(60)
    void blanksInAFenceTakeNoTime() {
        var blanks = " ".repeat(500_000);

        assertThat(read("```json\n{\"name\":\"Ann\"," + blanks + "\"age\":7}" + blanks + "\n```", Person.class))
                .isEqualTo(ANN);
        assertThatIllegalArgumentException().isThrownBy(() -> read("```json\n" + blanks + "x", Person.class));
    }

    @Test
    void nestedValuesAreParsed() {
        assertThat(read(
                        "{\"name\":\"Bo\",\"age\":40,\"born\":\"1986-02-03\",\"children\":[{\"name\":\"Ann\",\"age\":7}]}",
                        Person.class))
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
        assertRejected("Sure! Ann is 7.", "not valid JSON", "line 1", "\"properties\"");
        assertRejected("Sure! {\"name\":\"Ann\"}", "\"age\" is missing: give a whole number");
        assertRejected("{\"name\":\"Ann\",\"age\":7", "not valid JSON");
    }

    private static void assertRejected(String answer, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(answer, Person.class))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }
}
