package dev.rein.openai.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictSchemaTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object','properties':{},'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':['string','null']}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'array','items':{'$ref':'#/$defs/x'}}},'required':['a'],"
                        + "'additionalProperties':false,'$defs':{'x':{'type':'object','properties':{},'additionalProperties':false}}}",
                "{'type':'object','properties':{'a':{'anyOf':[{'type':'null'},{'type':'string'}]}},'required':['a'],"
                        + "'additionalProperties':false}",
            })
    void aClosedSchemaWithEverythingRequiredIsStrict(String schema) throws Exception {
        assertThat(StrictSchema.supports(json(schema))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'string'}",
                "{'type':'object','properties':{'a':{'type':'string'}},'required':['a']}",
                "{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],'additionalProperties':true}",
                "{'type':'object','properties':{'a':{'type':'string'}},'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'string'},'b':{}},'required':['b'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'object'}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'array','items':{'type':'object','properties':{}}}},'required':['a'],"
                        + "'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'anyOf':[{'type':'object'}]}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','properties':{},'additionalProperties':false,'$defs':{'x':{'type':'object'}}}",
                "{'type':'object','properties':{},'additionalProperties':false,'allOf':[]}",
                "{'type':'object','properties':{'a':{}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'array'}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'array','items':{}}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','anyOf':[],'properties':{},'additionalProperties':false}",
            })
    void anyOtherSchemaIsNotStrict(String schema) throws Exception {
        assertThat(StrictSchema.supports(json(schema))).isFalse();
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
