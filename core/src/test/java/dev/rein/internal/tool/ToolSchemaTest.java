package dev.rein.internal.tool;

import static dev.rein.internal.tool.AnnotatedToolsTest.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.TypeRef;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.math.BigDecimal;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// The toolkits are called by reflection.
@SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"})
class ToolSchemaTest {
    enum Unit {
        CELSIUS,
        @JsonProperty("f")
        FAHRENHEIT
    }

    record Place(
            @Param("The town") String city,
            Optional<String> zip,
            @Nullable Double height,
            Unit unit) {}

    record Page<T>(@JsonProperty("page_items") List<T> items, Optional<T> next) {}

    record Nothing() {}

    record Tree(String name, List<Tree> children) {}

    private static JsonNode schema(Object toolkit) {
        return only(toolkit).definition().parameters();
    }

    private static JsonNode property(Object toolkit, String name) {
        return schema(toolkit).get("properties").get(name);
    }

    private static JsonNode json(String text) throws Exception {
        return ToolJson.MAPPER.readTree(text.replace('\'', '"'));
    }

    @Test
    void plainTypesAreSupported() throws Exception {
        class Plain {
            @Tool("x")
            public void all(
                    String s,
                    int i,
                    Long l,
                    double d,
                    BigDecimal b,
                    boolean f,
                    Unit u,
                    String[] a,
                    Set<Unit> set,
                    Object any) {}
        }
        assertThat(schema(new Plain())).isEqualTo(json("""
            {'type':'object','properties':{
             's':{'type':'string'},'i':{'type':'integer'},'l':{'type':'integer'},'d':{'type':'number'},'b':{'type':'number'},
             'f':{'type':'boolean'},'u':{'type':'string','enum':['CELSIUS','f']},
             'a':{'type':'array','items':{'type':'string'}},
             'set':{'type':'array','items':{'type':'string','enum':['CELSIUS','f']}},'any':{}},
             'required':['s','i','l','d','b','f','u','a','set','any'],'additionalProperties':false}\
            """));
    }

    @Test
    void aToolWithoutParametersHasAnEmptyObject() throws Exception {
        class None {
            @Tool("x")
            public void none() {}
        }
        assertThat(schema(new None()))
                .isEqualTo(json("{'type':'object','properties':{},'required':[],'additionalProperties':false}"));
    }

    @Test
    void textTypesHaveTheirFormat() throws Exception {
        class Texts {
            @Tool("x")
            public void all(Instant i, LocalDate d, LocalDateTime t, Duration p, UUID u, URI r) {}
        }
        var properties = schema(new Texts()).get("properties");
        assertThat(properties.get("i")).isEqualTo(json("{'type':'string','format':'date-time'}"));
        assertThat(properties.get("d")).isEqualTo(json("{'type':'string','format':'date'}"));
        assertThat(properties.get("p")).isEqualTo(json("{'type':'string','format':'duration'}"));
        assertThat(properties.get("u")).isEqualTo(json("{'type':'string','format':'uuid'}"));
        assertThat(properties.get("r")).isEqualTo(json("{'type':'string'}"));
        assertThat("2026-01-31T12:00:00")
                .matches(properties.get("t").get("pattern").textValue());
    }

    @Test
    void recordsAreInlinedWithDescriptionsAndOptionalPropertiesAreNotRequired() throws Exception {
        class Places {
            @Tool("x")
            public void go(
                    @Param("Where from") Place from,
                    Optional<Place> to,
                    @Nullable List<Place> via,
                    @Param(value = "Why", required = false) String why) {}
        }
        var place = """
            'type':'object','properties':{'city':{'type':'string','description':'The town'},'zip':{'type':'string'},
            'height':{'type':'number'},'unit':{'type':'string','enum':['CELSIUS','f']}},
            'required':['city','unit'],'additionalProperties':false\
            """;
        assertThat(schema(new Places()))
                .isEqualTo(json("{'type':'object','properties':{"
                        + "'from':{" + place + ",'description':'Where from'},'to':{" + place + "},"
                        + "'via':{'type':'array','items':{" + place + "}},'why':{'type':'string','description':'Why'}},"
                        + "'required':['from'],'additionalProperties':false}"));
        assertThat(property(new Places(), "to").get("properties").fieldNames())
                .toIterable()
                .containsExactly("city", "zip", "height", "unit");
    }

    @Test
    void genericRecordsAndJsonNamesAreSupported() throws Exception {
        class Pages {
            @Tool("x")
            public String page(Page<Unit> page, Nothing nothing) {
                return page + " " + nothing;
            }
        }
        assertThat(schema(new Pages())).isEqualTo(json("""
            {'type':'object','properties':{'page':{'type':'object','properties':{
             'page_items':{'type':'array','items':{'type':'string','enum':['CELSIUS','f']}},
             'next':{'type':'string','enum':['CELSIUS','f']}},
             'required':['page_items'],'additionalProperties':false},
             'nothing':{'type':'object','additionalProperties':false}},
             'required':['page','nothing'],'additionalProperties':false}\
            """));
        assertThat(AnnotatedToolsTest.call(only(new Pages()), "{\"page\":{\"page_items\":[\"f\"]},\"nothing\":{}}"))
                .isEqualTo("Page[items=[FAHRENHEIT], next=Optional.empty] Nothing[]");
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() ->
                        AnnotatedToolsTest.call(only(new Pages()), "{\"page\":{\"items\":[]},\"nothing\":{\"a\":1}}"))
                .withMessageContaining("\"page.page_items\" is missing")
                .withMessageContaining("\"nothing.a\" is unknown: there are none");
    }

    @Test
    void mapsAndJsonNodesAreSupported() throws Exception {
        class Maps {
            @Tool("x")
            public void all(Map<String, Integer> counts, Map<String, Place> places, JsonNode any, ObjectNode object) {}
        }
        assertThat(property(new Maps(), "counts"))
                .isEqualTo(json("{'type':'object','additionalProperties':{'type':'integer'}}"));
        assertThat(property(new Maps(), "places").at("/additionalProperties/properties/city/type"))
                .hasToString("\"string\"");
        assertThat(property(new Maps(), "any")).isEqualTo(json("{}"));
        assertThat(property(new Maps(), "object")).isEqualTo(json("{'type':'object'}"));
    }

    sealed interface Target {}

    record City(String name) implements Target {}

    record Spot(double latitude, double longitude) implements Target {}

    public static final class Trip {
        public @Param("Where it ends") Target end = new City("");

        private int days;

        public void setDays(int newDays) {
            days = newDays;
        }

        @Override
        public String toString() {
            return "Trip to " + end + " of " + days + " days";
        }
    }

    @Test
    void sealedTypesAndPlainClassesAreSupported() throws Exception {
        class Travels {
            @Tool("x")
            public String go(Target target, Optional<Trip> trip) {
                return target + " " + trip;
            }
        }
        assertThat(property(new Travels(), "target")).isEqualTo(json("""
            {'anyOf':[{'type':'object','properties':{'type':{'type':'string','enum':['City']},'name':{'type':'string'}},
            'required':['type','name'],'additionalProperties':false},
            {'type':'object','properties':{'type':{'type':'string','enum':['Spot']},'latitude':{'type':'number'},
            'longitude':{'type':'number'}},'required':['type','latitude','longitude'],'additionalProperties':false}]}\
            """));
        assertThat(property(new Travels(), "trip")
                        .at("/properties/end/description")
                        .textValue())
                .isEqualTo("Where it ends");
        assertThat(AnnotatedToolsTest.call(
                        only(new Travels()),
                        "{\"target\":{\"type\":\"City\",\"name\":\"Rom\"},"
                                + "\"trip\":{\"end\":{\"type\":\"Spot\",\"latitude\":1,\"longitude\":2},\"days\":3}}"))
                .isEqualTo("City[name=Rom] Optional[Trip to Spot[latitude=1.0, longitude=2.0] of 3 days]");
        assertThatExceptionOfType(ToolArgumentException.class)
                .isThrownBy(() -> AnnotatedToolsTest.call(only(new Travels()), "{\"target\":{\"type\":\"Moon\"}}"))
                .withMessageContaining("\"target\" is {\"type\":\"Moon\"}: give an object whose \"type\" is one of")
                .withMessageContaining("\"City\", \"Spot\"");
    }

    @Test
    void rawGenericsAndUnknownTypeVariablesAreRefused() {
        class Raw {
            @Tool("x")
            @SuppressWarnings("rawtypes")
            public void all(List items) {}
        }
        class Variable {
            @Tool("x")
            public <T> void all(List<T> items) {}
        }
        class Generic<T> {
            @Tool("x")
            public void all(List<T> items) {}
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(new Raw()))
                .withMessageContaining("Raw.all, parameter items: List is generic and given without its type arguments")
                .withMessageContaining("declare it as List<..>");
        for (var toolkit : List.of(new Variable(), new Generic<String>())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AnnotatedTools.of(toolkit))
                    .withMessageContaining("parameter items: the type of T is not known at run time");
        }
    }

    @Test
    void aRecursiveTypeIsReferencedWithinTheSchema() throws Exception {
        class Trees {
            @Tool("x")
            public int count(@Param("The root") Tree tree, int depth) {
                return depth + tree.children().size();
            }
        }
        var schema = schema(new Trees());
        var reference = schema.at("/properties/tree/$ref").textValue();
        assertThat(reference).startsWith("#/$defs/");
        var definition = schema.at(reference.substring(1));
        assertThat(definition.at("/properties/children/items/$ref").textValue()).isEqualTo(reference);
        assertThat(schema.at("/properties/tree/description").textValue()).isEqualTo("The root");
        assertThat(AnnotatedToolsTest.call(
                        only(new Trees()),
                        "{\"tree\":{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]},\"depth\":1}"))
                .isEqualTo(2);
    }

    @Test
    void anAnswerSchemaFollowsTheRulesOfStrictMode() throws Exception {
        assertThat(answer(Place.class)).isEqualTo(json("""
            {'type':'object','properties':{'city':{'type':'string','description':'The town'},
            'zip':{'anyOf':[{'type':'null'},{'type':'string'}]},'height':{'anyOf':[{'type':'null'},{'type':'number'}]},
            'unit':{'type':'string','enum':['CELSIUS','f']}},
            'required':['city','zip','height','unit'],'additionalProperties':false}\
            """));
        assertThat(answer(Place.class)).isSameAs(answer(Place.class));
    }

    @Test
    void anAnswerSchemaMayBeRecursive() {
        assertThat(answer(Tree.class).at("/properties/children/items/$ref").textValue())
                .isEqualTo("#");
    }

    private static JsonNode answer(Class<?> type) {
        return AnswerType.of(TypeRef.of(type)).schema().schema();
    }
}
