package dev.rein.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments are read and checked by every keyword that says what a value may be. */
class SchemaReadingTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Duration SOON = Duration.ofSeconds(20);

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    /** The argument "x" as it is read by a schema, or what is wrong with it. */
    private static String read(String schema, String value) throws JsonProcessingException {
        return read(schema, value, "");
    }

    private static String read(String schema, String value, String more) throws JsonProcessingException {
        return readAll(
                "{'type':'object','properties':{'x':" + schema + "},'required':['x']" + more + "}",
                "{'x':" + value + "}");
    }

    private static String readAll(String schema, String arguments) throws JsonProcessingException {
        var read = new ArgumentReader(JSON).read((ObjectNode) json(arguments), json(schema));
        var problems = SchemaCheck.problems(read, json(schema));
        var all = read.size() == 1 && read.has("x") ? read.get("x") : read;
        return problems.isEmpty() ? all.toString().replace('"', '\'') : String.join("; ", problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'type':'integer','nullable':true}                | null          | null
            {'type':'integer','nullable':true}                | '7'           | 7
            {'enum':['a'],'nullable':true}                    | null          | null
            {'type':['integer','null']}                       | 'null'        | null
            {'type':['integer','null']}                       | ''            | null
            {'type':['string','null']}                        | 'null'        | 'null'
            {'type':'integer'}                                | 5.0           | 5
            {'type':'integer'}                                | '5.0'         | 5
            {'type':'integer'}                                | '+5.'         | 5
            {'type':'integer'}                                | 1e3           | 1000
            {'type':['integer','null']}                       | 5.0           | 5
            {'anyOf':[{'type':'integer'},{'type':'null'}]}    | 5.0           | 5
            {'type':'array','items':{'type':'integer'}}       | [1.0,'2']     | [1,2]
            {'type':'number'}                                 | 5.5           | 5.5
            {'type':'number'}                                 | '.5'          | 0.5
            {'const':5}                                       | '5'           | 5
            {'const':'All'}                                   | 'all'         | 'All'
            {'const':null}                                    | 'null'        | null
            {'enum':[1,2]}                                    | '2'           | 2
            {'enum':['1','2']}                                | 2             | '2'
            {'enum':[true,'auto']}                            | 'TRUE'        | true
            {'oneOf':[{'const':'a'},{'const':'b'}]}           | 'B'           | 'b'
            {'allOf':[{'type':'integer'},{'minimum':3}]}      | '4'           | 4
            {'allOf':[{'$ref':'#/$defs/n'}]}                  | '4'           | 4
            {'$ref':'#/$defs/n','minimum':3}                  | '4'           | 4
            {'$ref':'#/$defs/n','nullable':true}              | null          | null
            {'$ref':'#/$defs/n','description':'how many'}     | '4'           | 4
            {'prefixItems':[{'type':'string'},{'type':'integer'}],'items':{'type':'boolean'}} | [1,'2','true'] | ['1',2,true]
            {'items':[{'type':'integer'}],'additionalItems':{'type':'boolean'}} | ['2','true'] | [2,true]
            {'type':'object','patternProperties':{'^n':{'type':'integer'}},'additionalProperties':false} | {'n1':'7'} | {'n1':7}
            {'type':'object','additionalProperties':{'type':'integer'}} | {'any':'7'} | {'any':7}
            {'type':'object','properties':{'n':{'type':'integer'}},'anyOf':[{'required':['n']},{'required':['m']}]} | {'n':'7'} | {'n':7}
            {'anyOf':[{'type':'object','properties':{'n':{'type':'integer'}}},{'type':'null'}]} | {'n':7.0} | {'n':7}
            {'anyOf':[{'type':'array','items':{'type':'string'}},{'type':'null'}]} | '[\\'a\\']' | ['a']
            {'type':'array','items':{'type':'array','items':{'type':'integer'}}} | '[[\\'1\\'],\\'[2]\\']' | [[1],[2]]
            {'type':'object','properties':{'n':{'type':'integer'}}} | '{\\'n\\':\\'7\\'}' | {'n':7}
            {'type':'object'}                                 | '\\'{\\\\\\'n\\\\\\':7}\\'' | {'n':7}
            {'anyOf':[{'type':'string'},{'type':'integer'}]}  | '7'           | '7'
            {}                                                | {'a':[null]}  | {'a':[null]}
            true                                              | 'anything'    | 'anything'
            """)
    void whatMeansTheSameIsRead(String schema, String value, String expected) throws Exception {
        assertThat(read(schema, value, ",'$defs':{'n':{'type':'integer'}}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'type':'integer','nullable':false}               | null          | "x" is null: give a whole number
            {'type':'integer'}                                | 5.5           | "x" is 5.5: give a whole number
            {'type':'integer'}                                | 1e400         | give a whole number up to 1.79
            {'type':'number'}                                 | 1e400         | give a number up to 1.79
            {'type':'number'}                                 | -1e999999999  | give a number up to 1.79
            {'type':'number'}                                 | '1e400'       | "x" is "1e400": give a number
            {'type':'number'}                                 | 'NaN'         | "x" is "NaN": give a number
            {'type':'number'}                                 | '-Infinity'   | give a number
            {'type':'integer'}                                | '5,000'       | give a whole number
            {'const':5}                                       | 6             | "x" is 6: give 5
            {'enum':['Aa','aA']}                              | 'AA'          | give one of "Aa", "aA"
            {'oneOf':[{'type':'integer'},{'type':'boolean'}]} | 'x'           | give a whole number or true or false
            {'anyOf':[{'type':'integer'},{'type':'string'}],'oneOf':[{'const':1},{'const':2}]} | 3 | give 1 or 2
            {'allOf':[{'type':'integer'},{'minimum':3}]}      | 2             | "x" is 2
            {'$ref':'#/$defs/n','minimum':3}                  | 2             | "x" is 2
            {'prefixItems':[{'type':'string'}],'items':false} | ['a','b']     | "x[1]" is not allowed
            {'type':'array','prefixItems':[{'type':'integer'}]} | ['b']       | "x[0]" is "b": give a whole number
            {'type':'object','patternProperties':{'^n':{'type':'integer'}},'additionalProperties':false} | {'m':7} | "x.m" is unknown
            {'type':'object','patternProperties':{'^n':{'type':'integer'}}} | {'n':'a'} | "x.n" is "a": give a whole number
            {'type':'object','properties':{'a':{}},'additionalProperties':false} | {'b':7} | "x.b" is unknown: known are "a"
            false                                             | 1             | "x" is not allowed
            """)
    void whatDoesNotFitIsExplained(String schema, String value, String expected) throws Exception {
        assertThat(read(schema, value, ",'$defs':{'n':{'type':'integer'}}")).contains(expected);
    }

    @Test
    void numbersOfAProgramThatAreNoNumbersAreRefused() throws Exception {
        var arguments = JSON.createObjectNode().set("x", DoubleNode.valueOf(Double.NaN));
        assertThat(SchemaCheck.problems(
                        (ObjectNode) arguments,
                        json("{'type':'object','properties':{'x':{'type':'number','minimum':1}}}")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':5}",
                "{'type':['integer',7,null]}",
                "{'enum':'a'}",
                "{'anyOf':{'type':'integer'}}",
                "{'anyOf':[]}",
                "{'allOf':'x'}",
                "{'required':false}",
                "{'required':[7]}",
                "{'properties':[]}",
                "{'patternProperties':{'(':{}}}",
                "{'$ref':'#/$defs/missing'}",
                "{'$ref':'#no pointer'}",
                "{'$ref':'https://example.org/a.json'}",
                "{'$ref':7}",
                "{'items':7}",
                "[]",
                "null",
                "'string'"
            })
    void brokenKeywordsAllowEverything(String schema) throws Exception {
        assertThat(read(schema, "7")).isEqualTo("7");
        assertThat(read(schema, "{'a':[1]}"))
                .satisfiesAnyOf(
                        text -> assertThat(text).isEqualTo("{'a':[1]}"),
                        text -> assertThat(schema).contains("integer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref':'#/$defs/a'}",
                "{'allOf':[{'$ref':'#/$defs/all'},{'$ref':'#/$defs/all'}]}",
                "{'anyOf':[{'$ref':'#/$defs/any'},{'$ref':'#/$defs/any'}]}",
                "{'$ref':'#/$defs/any','allOf':[{'$ref':'#/$defs/all'}]}",
                "{'patternProperties':{'^(a+)+$':{'type':'integer'}}}"
            })
    void schemasThatContainThemselvesOrTakeForeverEnd(String schema) {
        var defs =
                ",'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'},'all':{'type':'object','allOf':[{'$ref':'#/$defs/all'},{'$ref':'#/$defs/all'}]},"
                        + "'any':{'anyOf':[{'$ref':'#/$defs/any'},{'$ref':'#/$defs/any'},{'type':'integer'}]}}";
        for (var value : List.of("'x'", "{'" + "a".repeat(40) + "!':1}", "[".repeat(90) + "]".repeat(90))) {
            Assertions.assertTimeoutPreemptively(SOON, () -> read(schema, value, defs));
        }
    }

    @Test
    void aTreeOfItselfIsReadAtAnyDepth() throws Exception {
        var schema =
                "{'type':'object','properties':{'n':{'type':'integer'},'next':{'anyOf':[{'$ref':'#'},{'type':'null'}]}}}";
        var depth = 40;
        var nested = IntStream.range(0, depth).mapToObj(i -> "{'n':'1','next':").reduce("", String::concat) + "null"
                + "}".repeat(depth);
        assertThat(readAll(schema, nested)).isEqualTo(nested.replace("'1'", "1"));
    }

    @Test
    void unknownKeysAreDroppedOnlyWhereThereAreNoParameters() throws Exception {
        assertThat(readAll("{'type':'object','properties':{},'additionalProperties':false}", "{'a':1}"))
                .isEqualTo("{}");
        assertThat(readAll("{'type':'object','properties':{'b':{}},'additionalProperties':false}", "{'a':1}"))
                .isEqualTo("\"a\" is unknown: known are \"b\"");
        assertThat(readAll("{'type':'object'}", "{'a':1}")).isEqualTo("{'a':1}");
    }
}
