package dev.rein.internal.tool;

import static dev.rein.internal.tool.AnnotatedToolsTest.call;
import static dev.rein.internal.tool.AnnotatedToolsTest.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// The toolkits are called by reflection.
@SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"})
class ArgumentsTest {
    enum Unit {
        CELSIUS,
        FAHRENHEIT
    }

    record Place(
            String city, Optional<Integer> zip, @Nullable Unit unit) {
        Place {
            if (city.isEmpty()) {
                throw new IllegalArgumentException("a place needs a name");
            }
        }
    }

    static final class Weather {
        @Tool("x")
        public String weather(Place place, int days, Optional<Unit> unit, @Nullable Boolean rain) {
            return place + " " + days + " " + unit + " " + rain;
        }
    }

    private static String problem(Object toolkit, String arguments) {
        var thrown = new ToolArgumentException[1];
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> call(only(toolkit), arguments.replace('\'', '"')))
                .satisfies(e -> thrown[0] = e);
        return String.valueOf(thrown[0].getMessage());
    }

    private static @Nullable Object answer(Object toolkit, String arguments) throws Exception {
        return call(only(toolkit), arguments.replace('\'', '"'));
    }

    @Test
    void optionalParametersMayBeMissingOrNull() throws Exception {
        var expected = "Place[city=Bonn, zip=Optional.empty, unit=null] 3 Optional.empty null";
        assertThat(answer(new Weather(), "{'place':{'city':'Bonn'},'days':3}")).isEqualTo(expected);
        assertThat(answer(
                        new Weather(),
                        "{'place':{'city':'Bonn','zip':null,'unit':null},'days':3.0,'unit':null,'rain':null}"))
                .isEqualTo(expected);
        assertThat(
                        answer(
                                new Weather(),
                                "{'place':{'city':'Bonn','zip':53111,'unit':'CELSIUS'},'days':3,'unit':'FAHRENHEIT','rain':true}"))
                .isEqualTo("Place[city=Bonn, zip=Optional[53111], unit=CELSIUS] 3 Optional[FAHRENHEIT] true");
    }

    @Test
    void everyErrorNamesThePlaceTheValueAndWhatIsExpected() {
        assertThat(problem(new Weather(), "{'place':{},'days':3.5,'unit':'KELVIN','foo':1}"))
                .contains("weather")
                .contains("\"place.city\" is missing: give a string")
                .contains("\"days\" is 3.5: give a whole number")
                .contains("\"unit\" is \"KELVIN\": give one of \"CELSIUS\", \"FAHRENHEIT\"")
                .contains("\"foo\" is unknown: known are \"place\", \"days\", \"unit\", \"rain\"");
        assertThat(problem(new Weather(), ""))
                .contains("\"place\" is missing: give an object with \"city\", \"zip\", \"unit\"");
        assertThat(problem(new Weather(), "{'place':null,'days':null}"))
                .contains("\"place\" is null: give an object with")
                .contains("\"days\" is null: give a whole number");
        assertThat(problem(new Weather(), "{'place':{'city':null},'days':1}"))
                .contains("\"place.city\" is null: give a string");
        assertThat(problem(new Weather(), "{'place':{'city':'B','zip':'x'},'days':1}"))
                .contains("\"place.zip\" is \"x\": give a whole number");
        assertThat(problem(new Weather(), "{'place':{'city':'B','town':1},'days':1}"))
                .contains("\"place.town\" is unknown: known are \"city\", \"zip\", \"unit\"");
        assertThat(problem(new Weather(), "{'place':{'city':''},'days':1}"))
                .contains("\"place\" is {\"city\":\"\"}: a place needs a name");
        assertThat(problem(new Weather(), "{'place':'Bonn','days':1}"))
                .contains("\"place\" is \"Bonn\": give an object with");
    }

    @Test
    void aLongValueIsTruncated() {
        assertThat(problem(new Weather(), "{'place':{'city':'B'},'days':'" + "9".repeat(5000) + "'}"))
                .contains("\"" + "9".repeat(199) + "...")
                .doesNotContain("9".repeat(200));
    }

    static final class Numbers {
        @Tool("x")
        public String numbers(
                @Nullable Byte b,
                @Nullable Integer i,
                @Nullable Long l,
                @Nullable BigInteger n,
                @Nullable Double d,
                @Nullable BigDecimal m,
                @Nullable Boolean f,
                @Nullable String s) {
            return b + " " + i + " " + l + " " + n + " " + d + " " + m + " " + f + " " + s;
        }
    }

    @Test
    void numbersOfTheRightKindAndSizeAreAccepted() throws Exception {
        assertThat(answer(new Numbers(), "{'b':-128,'i':2e3,'l':9223372036854775807,'n':1e30,'d':3,'m':0.1}"))
                .isEqualTo("-128 2000 9223372036854775807 1000000000000000000000000000000 3.0 0.1 null null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'b':128}",
                "{'i':2147483648}",
                "{'i':'3'}",
                "{'i':true}",
                "{'i':''}",
                "{'i':[3]}",
                "{'l':1e19}",
                "{'l':1e999999999}",
                "{'n':1e999999999}",
                "{'n':0.5}",
                "{'d':'0.5'}",
                "{'d':''}",
                "{'d':1e400}",
                "{'d':-1e999999999}",
                "{'d':'NaN'}",
                "{'d':'Infinity'}",
                "{'d':true}",
                "{'m':true}",
                "{'f':1}",
                "{'f':'true'}",
                "{'f':''}",
                "{'s':1}",
                "{'s':true}",
                "{'s':{}}"
            })
    void valuesOfAnotherKindOrSizeAreRejected(String arguments) {
        var name = arguments.substring(2, 3);
        assertThat(problem(new Numbers(), arguments))
                .contains("parameter \"" + name + "\" is ")
                .contains(": give ");
    }

    static final class Texts {
        @Tool("x")
        public String texts(
                @Nullable Instant instant,
                @Nullable LocalDate date,
                @Nullable LocalDateTime local,
                @Nullable Duration duration,
                @Nullable UUID uuid,
                @Nullable URI uri,
                @Nullable Character character) {
            return instant + " " + date + " " + local + " " + duration + " " + uuid + " " + uri + " " + character;
        }
    }

    @Test
    void textTypesAreParsed() throws Exception {
        assertThat(
                        answer(
                                new Texts(),
                                "{'instant':'2026-01-31T12:00:00+01:00','date':'2026-01-31','local':'2026-01-31T12:00','duration':'PT90S',"
                                        + "'uuid':'123e4567-e89b-12d3-a456-426614174000','uri':'https://example.org/a','character':'x'}"))
                .isEqualTo(
                        "2026-01-31T11:00:00Z 2026-01-31 2026-01-31T12:00 PT1M30S 123e4567-e89b-12d3-a456-426614174000"
                                + " https://example.org/a x");
    }

    @Test
    void textOfAnInvalidFormatIsRejectedWithAnExample() {
        assertThat(problem(
                        new Texts(),
                        "{'instant':'soon','date':'31.1.2026','local':5,'duration':'an"
                                + " hour','uuid':'1','uri':'a b','character':'xy'}"))
                .contains("\"instant\" is \"soon\": give a time such as 2026-")
                .contains("\"date\" is \"31.1.2026\": give a date such as 2026-")
                .contains("\"local\" is 5: give a local date and time such as")
                .contains("\"duration\" is \"an hour\": give an ISO-8601 duration such as PT1H30M")
                .contains("\"uuid\" is \"1\": give a UUID")
                .contains("\"uri\" is \"a b\": give a URI")
                .contains("\"character\" is \"xy\": give one character");
    }

    static final class Lists {
        @Tool("x")
        public String lists(
                List<Place> places, Set<Integer> set, int[] array, Map<String, Unit> map, JsonNode any, Object object) {
            return places + " " + set + " " + array.length + " " + map + " " + any + " " + object;
        }
    }

    @Test
    void listsAndMapsAreParsedAndErrorsNameTheirElements() throws Exception {
        assertThat(
                        answer(
                                new Lists(),
                                "{'places':[{'city':'B'}],'set':[1,1],'array':[1,2],'map':{'a':'CELSIUS'},'any':[1],'object':{'k':1}}"))
                .isEqualTo("[Place[city=B, zip=Optional.empty, unit=null]] [1] 2 {a=CELSIUS} [1] {k=1}");
        assertThat(
                        problem(
                                new Lists(),
                                "{'places':[{'city':'B'},{'city':7}],'set':'a','array':[1,'b'],'map':{'a':'K'},'any':1,'object':1}"))
                .contains("\"places[1].city\" is 7: give a string")
                .contains("\"set\" is \"a\": give a list")
                .contains("\"array[1]\" is \"b\": give a whole number")
                .contains("\"map.a\" is \"K\": give one of \"CELSIUS\"");
    }

    @Test
    void arraysOfWholeNumbersRejectFractionsAndNull() throws Exception {
        class Sums {
            @Tool("x")
            public long sum(int[] a, long... b) {
                return IntStream.of(a).sum() + LongStream.of(b).sum();
            }
        }
        assertThat(answer(new Sums(), "{'a':[1,2.0],'b':[3]}")).isEqualTo(6L);
        assertThat(problem(new Sums(), "{'a':[1,2.5],'b':[3,null]}"))
                .contains("\"a[1]\" is 2.5: give a whole number")
                .contains("\"b[1]\" is null: give a whole number");
        assertThat(problem(new Sums(), "{'a':1,'b':'x'}"))
                .contains("\"a\" is 1: give a list")
                .contains("\"b\" is \"x\": give a list");
    }

    @Test
    void aParameterThatIsNotRequiredMayBeMissing() throws Exception {
        class Says {
            @Tool("x")
            public String say(@Param(value = "what", required = false) @Nullable String what) {
                return "said " + what;
            }
        }
        assertThat(answer(new Says(), "{}")).isEqualTo("said null");
    }

    @Test
    void blankTextIsAnEmptyObject() {
        assertThat(Arguments.parse("")).isEmpty();
        assertThat(Arguments.parse(" \n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "\"\"", "\" \"", "\"{}\"", "\"null\"", "\"[]\"", "\"\\\"{}\\\"\""})
    void whatModelsWriteForNoArgumentsIsAnEmptyObject(String text) {
        assertThat(Arguments.parse(text)).isEmpty();
    }

    @Test
    void anObjectThatIsEncodedSeveralTimesIsRead() {
        assertThat(Arguments.parse("\"{\\\"a\\\":1}\"")).hasToString("{\"a\":1}");
        assertThat(Arguments.parse("\"\\\"{\\\\\\\"a\\\\\\\":1}\\\"\"")).hasToString("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\":1",
                "{'a':1}",
                "{\"a\":1}}",
                "{\"a\":1} {}",
                "{\"a\":1,\"a\":2}",
                "{a:1}",
                "{\"a\":NaN}",
                "[1]",
                "1",
                "\"x\"",
                "\"[1]\"",
                "\"{\""
            })
    void textThatIsNotAJsonObjectIsRejected(String text) {
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> Arguments.parse(text))
                .withMessageContaining("the arguments are")
                .withMessageContaining("JSON object");
    }

    @Test
    void textThatIsTooLongOrTooDeepIsRejected() {
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> Arguments.parse("{\"a\":\"" + "x".repeat(1 << 20) + "\"}"))
                .withMessageContaining("1048576");
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> Arguments.parse("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
                .withMessageContaining("100");
    }
}
