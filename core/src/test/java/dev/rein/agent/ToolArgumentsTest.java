package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.model.ToolCall;
import dev.rein.run.RunContext;
import dev.rein.run.ToolExecution;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model wrote in another form than the schema's is read if nothing is lost; the rest is explained to it. */
class ToolArgumentsTest {
    enum Unit {
        CELSIUS,
        FAHRENHEIT
    }

    record Place(String city, Optional<Integer> zip) {}

    public static final class Tools {
        @Tool("x")
        public String nothing(RunContext context) {
            return "nothing";
        }

        @Tool("x")
        public String all(
                Optional<Integer> n,
                Optional<Double> d,
                Optional<Boolean> b,
                Optional<List<String>> l,
                Optional<Place> p,
                Optional<Unit> u,
                Optional<String> s) {
            return List.of(n, d, b, l, p, u, s).stream()
                    .filter(Optional::isPresent)
                    .map(Optional::get)
                    .toList()
                    .toString();
        }

        @Tool("x")
        public String one(int n) {
            return "" + n;
        }
    }

    private static final String SCHEMA = """
            {"type":"object","properties":{
             "n":{"type":"integer"},"d":{"type":["number","null"]},"b":{"anyOf":[{"type":"boolean"},{"type":"null"}]},
             "l":{"type":"array","items":{"type":"string"}},"p":{"$ref":"#/$defs/Place"},"u":{"enum":["a","b"]},
             "s":{"type":"string"}},"required":["n"],
             "$defs":{"Place":{"type":"object","properties":{"city":{"type":"string"},"zip":{"type":"integer"}},
             "required":["city"],"additionalProperties":false}}}
            """;

    private static ToolExecution call(Object tools, String tool, String arguments) {
        var model = TestModel.of(calls(new ToolCall("c1", tool, arguments)), says("done"));
        return Agent.builder()
                .model(model)
                .tools(tools)
                .build()
                .run("go")
                .tools()
                .getFirst();
    }

    private static ToolExecution callSchema(String arguments) throws Exception {
        return call(
                ToolSpec.of("t", "x", new ObjectMapper().readTree(SCHEMA), (given, context) -> given),
                "t",
                arguments.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"{}\"", "\"\"", "[]", "", "{\"x\":1}", "{\"input\":\"\"}", "\"{\\\"a\\\":1}\""})
    void aToolWithoutParametersIgnoresWhatModelsWrite(String arguments) {
        var execution = call(new Tools(), "nothing", arguments);
        assertThat(execution.error()).as(execution.result()).isFalse();
        assertThat(execution.result()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'n':'5','d':' 0.5 ','b':'true'}           | [5, 0.5, true]
            {'n':'5.0','b':'False','u':'celsius'}      | [5, false, CELSIUS]
            {'n':'','d':'','b':'','l':'','p':'','u':''}| []
            {'n':null,'d':'null','s':''}               | []
            {'l':'[\\'a\\',\\'b\\']'}                  | [[a, b]]
            {'l':[7]}                                  | [[7]]
            {'p':'{\\'city\\':\\'B\\',\\'zip\\':\\'1\\'}'} | [Place[city=B, zip=Optional[1]]]
            {'p':{'city':'B','zip':''}}                | [Place[city=B, zip=Optional.empty]]
            {'s':5}                                    | [5]
            {'s':'5'}                                  | [5]
            '{\\'n\\':\\'5\\'}'                          | [5]
            """)
    void whatCanBeReadWithoutLossIsRead(String arguments, String expected) {
        var execution = call(new Tools(), "all", arguments.replace('\'', '"'));
        assertThat(execution.result()).isEqualTo(expected);
        assertThat(execution.error()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'five'", "'5.5'", "'1e999999999'", "true", "[5]", "'5,000'", "null", "'0x10'"})
    void whatWouldBeLostIsExplained(String value) {
        var execution = call(new Tools(), "one", ("{'n':" + value + "}").replace('\'', '"'));
        assertThat(execution.error()).isTrue();
        assertThat(execution.result())
                .contains("\"n\" is ", "give a whole number")
                .doesNotContain("\n");
    }

    @Test
    void aSchemaIsReadAndCheckedLikewise() throws Exception {
        assertThat(callSchema("{'n':'5','d':'','b':'true','l':'[\\'a\\']','p':{'city':'B','zip':'7'},'u':'A','s':null}")
                        .result())
                .isEqualTo("{\"n\":5,\"b\":true,\"l\":[\"a\"],\"p\":{\"city\":\"B\",\"zip\":7},\"u\":\"a\"}");
        assertThat(callSchema("{'n':1,'d':null,'b':null}").result()).isEqualTo("{\"n\":1,\"d\":null,\"b\":null}");

        var execution = callSchema("{'d':'x','b':3,'l':[{}],'p':{'town':1},'u':'c','more':1}");
        assertThat(execution.error()).isTrue();
        assertThat(execution.result())
                .contains("\"n\" is missing: give a whole number")
                .contains("\"d\" is \"x\": give null or a number")
                .contains("\"b\" is 3: give true or false or null")
                .contains("\"l[0]\" is {}: give a string")
                .contains("\"p.city\" is missing: give a string")
                .contains("\"p.town\" is unknown: known are \"city\", \"zip\"")
                .contains("\"u\" is \"c\": give one of \"a\", \"b\"")
                .doesNotContain("more");
    }
}
