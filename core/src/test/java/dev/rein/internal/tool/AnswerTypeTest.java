package dev.rein.internal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.run.TypeRef;
import dev.rein.tool.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Schemas and values of the types that an answer may have. */
class AnswerTypeTest {
    record Story(String title, int pages) {}

    record Page<T>(List<T> items, Optional<Integer> next) {}

    enum Mood {
        GLAD,
        SAD
    }

    private static AnswerType type(TypeRef<?> ref) {
        return AnswerType.of(ref);
    }

    private static AnswerType type(Class<?> type) {
        return AnswerType.of(TypeRef.of(type));
    }

    private static JsonNode schema(AnswerType type) {
        return type.schema().schema();
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }

    private static Object read(AnswerType type, String text) {
        return TypedValues.read(text.replace('\'', '"'), type);
    }

    private static void refused(TypeRef<?> ref, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerType.of(ref))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }

    // ---- roots

    private static final String STORY =
            "{'type':'object','properties':{'title':{'type':'string'},'pages':{'type':'integer'}},"
                    + "'required':['title','pages'],'additionalProperties':false}";

    private static String wrapped(String schema) {
        return "{'type':'object','properties':{'value':" + schema
                + "},'required':['value'],'additionalProperties':false}";
    }

    @Test
    void aListIsWrappedIntoAnObjectAndUnwrapped() throws Exception {
        var stories = type(new TypeRef<List<Story>>() {});
        assertThat(schema(stories)).isEqualTo(json(wrapped("{'type':'array','items':" + STORY + "}")));
        assertThat(stories.schema().name()).isEqualTo("List_Story_");
        assertThat(stories).hasToString("List<Story>");
        assertThat(read(stories, "{'value':[{'title':'A','pages':1}]}")).isEqualTo(List.of(new Story("A", 1)));
        assertThat(read(stories, "[{'title':'A','pages':1}]")).isEqualTo(List.of(new Story("A", 1)));
    }

    @Test
    void arraysEnumsAndScalarsAreWrapped() throws Exception {
        assertThat(schema(type(Story[].class))).isEqualTo(json(wrapped("{'type':'array','items':" + STORY + "}")));
        assertThat(schema(type(Mood.class))).isEqualTo(json(wrapped("{'type':'string','enum':['GLAD','SAD']}")));
        assertThat(schema(type(Integer.class))).isEqualTo(json(wrapped("{'type':'integer'}")));
        assertThat(schema(type(boolean.class))).isEqualTo(json(wrapped("{'type':'boolean'}")));
        assertThat(schema(type(String.class))).isEqualTo(json(wrapped("{'type':'string'}")));

        assertThat(read(type(Story[].class), "{'value':[{'title':'A','pages':1}]}"))
                .isEqualTo(new Story[] {new Story("A", 1)});
        assertThat(read(type(Mood.class), "{'value':'SAD'}")).isEqualTo(Mood.SAD);
        assertThat(read(type(Integer.class), "{'value':7}")).isEqualTo(7);
        assertThat(read(type(Integer.class), "7")).isEqualTo(7);
        assertThat(read(type(boolean.class), "{'value':true}")).isEqualTo(true);
        assertThat(read(type(String.class), "{'value':'Hello'}")).isEqualTo("Hello");
    }

    @Test
    void objectsAreNotWrapped() throws Exception {
        assertThat(schema(type(Story.class))).isEqualTo(json(STORY));
        assertThat(schema(type(new TypeRef<Map<String, Integer>>() {})))
                .isEqualTo(json("{'type':'object','additionalProperties':{'type':'integer'}}"));
        var page = type(new TypeRef<Page<Story>>() {});
        assertThat(schema(page).at("/properties/items/items")).isEqualTo(json(STORY));
        assertThat(page).hasToString("Page<Story>");
        assertThat(read(page, "{'items':[{'title':'A','pages':1}],'next':null}"))
                .isEqualTo(new Page<>(List.of(new Story("A", 1)), Optional.empty()));
    }

    @Test
    void anInvalidValueInTheWrappingObjectIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(type(new TypeRef<List<Story>>() {}), "{'value':[{'title':'A','pages':'x'}]}"))
                .withMessageContaining("\"value[0].pages\" is \"x\": give a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(type(Mood.class), "{'value':'BORED'}"))
                .withMessageContaining("\"value\" is \"BORED\": give one of \"GLAD\", \"SAD\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(type(Integer.class), "{'value':null}"))
                .withMessageContaining("is null");
    }

    record Tree(String name, List<Tree> children) {}

    @Test
    void aWrappedTypeMayBeRecursive() {
        var trees = type(new TypeRef<List<Tree>>() {});
        var reference = schema(trees).at("/properties/value/items/$ref").textValue();
        assertThat(reference).startsWith("#/$defs/");
        assertThat(schema(trees)
                        .at(reference.substring(1) + "/properties/children/items/$ref")
                        .textValue())
                .isEqualTo(reference);
        assertThat(read(trees, "{'value':[{'name':'a','children':[{'name':'b','children':[]}]}]}"))
                .isEqualTo(List.of(new Tree("a", List.of(new Tree("b", List.of())))));
    }

    // ---- generics

    record RawList(@SuppressWarnings("rawtypes") List items) {}

    private static <T> TypeRef<List<T>> unknown() {
        return new TypeRef<>() {};
    }

    @Test
    void rawGenericsAreRefused() {
        refused(
                TypeRef.of(List.class),
                "List is generic and given without its type arguments",
                "new TypeRef<List<..>>() {}");
        refused(TypeRef.of(Page.class), "Page is generic and given without its type arguments");
        refused(TypeRef.of(RawList.class), "component items of RawList", "declare it as List<..>");
        refused(TypeRef.of(Page[].class), "Page is generic");
        refused(AnswerTypeTest.<Story>unknown(), "the type of T is not known at run time");
    }

    @Test
    void aTypeRefNeedsAType() {
        assertThatIllegalStateException()
                .isThrownBy(RawRef::new)
                .withMessageContaining("gives no type: write new TypeRef<List<Story>>() {}");
    }

    @SuppressWarnings("rawtypes")
    private static final class RawRef extends TypeRef {}

    @Test
    void typeRefsOfOneTypeAreEqual() {
        assertThat(new TypeRef<Story>() {}).isEqualTo(TypeRef.of(Story.class)).hasToString("Story");
        assertThat(new TypeRef<List<Story>>() {}).isEqualTo(new TypeRef<List<Story>>() {});
        assertThat(new TypeRef<Map<String, List<Story[]>>>() {}).hasToString("Map<String, List<Story[]>>");
        assertThat(type(new TypeRef<Story>() {})).isSameAs(type(Story.class));
    }

    // ---- sealed types

    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Box(double width, Optional<String> label) implements Shape {}

    @Test
    void aSealedInterfaceIsOneOfItsSubtypes() throws Exception {
        var shape = type(Shape.class);
        assertThat(schema(shape))
                .isEqualTo(json(wrapped("{'anyOf':["
                        + "{'type':'object','properties':{'type':{'type':'string','enum':['Circle']},'radius':{'type':'number'}},"
                        + "'required':['type','radius'],'additionalProperties':false},"
                        + "{'type':'object','properties':{'type':{'type':'string','enum':['Box']},'width':{'type':'number'},"
                        + "'label':{'anyOf':[{'type':'null'},{'type':'string'}]}},"
                        + "'required':['type','width','label'],'additionalProperties':false}]}")));
        assertThat(read(shape, "{'value':{'type':'Circle','radius':1.5}}")).isEqualTo(new Circle(1.5));
        assertThat(read(shape, "{'type':'Box','width':2,'label':null}")).isEqualTo(new Box(2, Optional.empty()));
        assertThat(read(type(new TypeRef<List<Shape>>() {}), "[{'type':'Circle','radius':1}]"))
                .isEqualTo(List.of(new Circle(1)));
    }

    @Test
    void anUnknownOrMissingSubtypeIsNamed() {
        for (var answer : List.of("{'value':{'type':'Star','radius':1}}", "{'value':{'radius':1}}")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> read(type(Shape.class), answer))
                    .withMessageContaining("give an object whose \"type\" is one of \"Circle\", \"Box\"");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(type(Shape.class), "{'value':{'type':'Circle'}}"))
                .withMessageContaining("\"value.radius\" is missing: give a number");
    }

    @Test
    void aSubtypeByItselfNeedsNoName() {
        assertThat(schema(type(Circle.class)).at("/properties/type/enum/0").textValue())
                .isEqualTo("Circle");
        assertThat(read(type(Circle.class), "{'type':'Circle','radius':1}")).isEqualTo(new Circle(1));
        assertThat(read(type(Circle.class), "{'radius':1}")).isEqualTo(new Circle(1));
    }

    sealed interface Expression {}

    record Number(int value) implements Expression {}

    sealed interface Operation extends Expression {}

    record Sum(Expression left, Expression right) implements Operation {}

    record Negation(Expression of) implements Operation {}

    @Test
    void sealedTypesMayBeNestedAndRecursive() {
        var expression = type(Expression.class);
        var root = schema(expression).at("/properties/value/$ref").textValue();
        var subtypes = schema(expression).at(root.substring(1) + "/anyOf");
        assertThat(subtypes).hasSize(3);
        assertThat(schema(expression).toString()).contains("\"enum\":[\"Sum\"]", "\"enum\":[\"Negation\"]");
        assertThat(read(
                        expression,
                        "{'value':{'type':'Sum','left':{'type':'Number','value':1},'right':{'type':'Negation','of':"
                                + "{'type':'Number','value':2}}}}"))
                .isEqualTo(new Sum(new Number(1), new Negation(new Number(2))));
        assertThat(read(type(Operation.class), "{'type':'Negation','of':{'type':'Number','value':2}}"))
                .isEqualTo(new Negation(new Number(2)));
    }

    sealed interface Result<T> {}

    record Found<T>(T item) implements Result<T> {}

    record Missing<T>(String why) implements Result<T> {}

    @Test
    void sealedTypesMayBeGeneric() {
        var result = type(new TypeRef<Result<Story>>() {});
        assertThat(schema(result)
                        .at("/properties/value/anyOf/0/properties/item/properties/title/type")
                        .textValue())
                .isEqualTo("string");
        assertThat(read(result, "{'type':'Found','item':{'title':'A','pages':1}}"))
                .isEqualTo(new Found<>(new Story("A", 1)));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Event {}

    @JsonTypeName("start")
    record Start(String type) implements Event {}

    @JsonTypeName("end")
    record End(int code) implements Event {}

    @Test
    void annotationsGiveOtherNames() {
        var event = type(Event.class);
        assertThat(schema(event)
                        .at("/properties/value/anyOf/0/properties/kind/enum/0")
                        .textValue())
                .isEqualTo("start");
        assertThat(read(event, "{'kind':'start','type':'x'}")).isEqualTo(new Start("x"));
        assertThat(read(event, "{'value':{'kind':'end','code':3}}")).isEqualTo(new End(3));
    }

    abstract static sealed class Vehicle {
        public int wheels;
    }

    static final class Car extends Vehicle {
        public String plate = "";
    }

    static final class Cart extends Vehicle {}

    @Test
    void aSealedClassMayHavePlainSubclasses() {
        var vehicle = type(Vehicle.class);
        var car = schema(vehicle).at("/properties/value/anyOf/0");
        assertThat(schema(vehicle).at("/properties/value").has("additionalProperties"))
                .as("properties beside those of the subtypes are excluded, which are all")
                .isFalse();
        assertThat(car.get("additionalProperties").booleanValue()).isFalse();
        assertThat(car.at("/properties/type/enum/0").textValue()).isEqualTo("Car");
        assertThat(car.at("/required")).extracting(JsonNode::textValue).containsExactly("type", "wheels", "plate");
        assertThat(read(vehicle, "{'value':{'type':'Car','wheels':4,'plate':'GR 1'}}"))
                .isInstanceOfSatisfying(Car.class, read -> {
                    assertThat(read.wheels).isEqualTo(4);
                    assertThat(read.plate).isEqualTo("GR 1");
                });
        assertThat(read(vehicle, "{'type':'Cart','wheels':2}")).isInstanceOf(Cart.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(vehicle, "{'type':'Car','wheels':4}"))
                .withMessageContaining("\"plate\" is missing: give a string");
    }

    sealed interface Typed {}

    record Own(String type) implements Typed {}

    sealed interface Open {}

    non-sealed interface Anything extends Open {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    sealed interface ByClass {}

    record ByClassOne(int a) implements ByClass {}

    @Test
    void sealedTypesThatJsonCantTellApartAreRefused() {
        refused(TypeRef.of(Typed.class), "subtype Own has a property \"type\"", "@JsonTypeInfo");
        refused(TypeRef.of(Open.class), "Anything", "it is an interface: make it sealed");
        refused(TypeRef.of(ByClass.class), "use = NAME");
        refused(TypeRef.of(Runnable.class), "java.lang.Runnable");
    }

    // ---- plain classes

    static class Animal {
        private String name = "";

        public String getName() {
            return name;
        }

        public void setName(String newName) {
            name = newName;
        }
    }

    static final class Dog extends Animal {
        @Param("In years")
        public int age;

        public @Nullable String owner;

        private final List<String> secret = new ArrayList<>();

        int secrets() {
            return secret.size();
        }
    }

    @Test
    void aPlainClassIsReadByItsFields() throws Exception {
        assertThat(schema(type(Dog.class)))
                .isEqualTo(json("{'type':'object','properties':{'name':{'type':'string'},"
                        + "'age':{'type':'integer','description':'In years'},"
                        + "'owner':{'anyOf':[{'type':'null'},{'type':'string'}]}},"
                        + "'required':['name','age','owner'],'additionalProperties':false}"));
        var dog = (Dog) read(type(Dog.class), "{'name':'Rex','age':3}");
        assertThat(dog.getName()).isEqualTo("Rex");
        assertThat(dog.age).isEqualTo(3);
        assertThat(dog.owner).isNull();
        assertThat(dog.secrets()).isZero();
    }

    @Test
    void aFieldOfAPlainClassIsRequired() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(type(new TypeRef<List<Dog>>() {}), "[{'name':'Rex'}]"))
                .withMessageContaining("\"[0].age\" is missing: give a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(type(Dog.class), "{'name':null,'age':3}"))
                .withMessageContaining("\"name\" is null: give a string");
    }

    static final class Point {
        private final int x;

        @JsonCreator
        Point(@JsonProperty("x") int x) {
            this.x = x;
        }

        public int getX() {
            return x;
        }
    }

    @Test
    void aPlainClassMayHaveACreator() {
        assertThat(((Point) read(type(Point.class), "{'x':4}")).getX()).isEqualTo(4);
        assertThat(schema(type(Point.class)).at("/properties/x/type").textValue())
                .isEqualTo("integer");
    }

    final class Inner {
        public int a;
    }

    static class NoConstructor {
        public int a;

        NoConstructor(int a) {
            this.a = a;
        }
    }

    static class Empty {}

    abstract static class Abstract {
        public int a;
    }

    record WithThread(Thread thread) {}

    @Test
    void classesThatCantBeReadAreRefused() {
        refused(TypeRef.of(Inner.class), "it is an inner class: make it static");
        refused(TypeRef.of(NoConstructor.class), "no constructor without parameters");
        refused(TypeRef.of(Empty.class), "it has no fields");
        refused(TypeRef.of(Abstract.class), "it is abstract: make it sealed");
        refused(TypeRef.of(WithThread.class), "component thread of WithThread", "java.lang.Thread");
        refused(new TypeRef<Optional<Story>>() {}, "Optional");
    }
}
