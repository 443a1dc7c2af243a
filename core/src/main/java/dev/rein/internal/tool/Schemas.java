package dev.rein.internal.tool;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.classmate.TypeResolver;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Generates JSON schemas from Java types. Thread-safe. */
public final class Schemas {
    private static final TypeResolver RESOLVER = new TypeResolver();

    private static final OptionPreset OPTIONS = new OptionPreset(
            Option.ADDITIONAL_FIXED_TYPES,
            Option.PUBLIC_NONSTATIC_FIELDS,
            Option.NONPUBLIC_NONSTATIC_FIELDS_WITH_GETTERS,
            Option.NONPUBLIC_NONSTATIC_FIELDS_WITHOUT_GETTERS,
            Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
            Option.NULLABLE_ALWAYS_AS_ANYOF,
            Option.PLAIN_DEFINITION_KEYS,
            Option.ALLOF_CLEANUP_AT_THE_END,
            Option.DUPLICATE_MEMBER_ATTRIBUTE_CLEANUP_AT_THE_END);

    private enum Kind {
        /** Optional properties are not required. */
        PARAMETERS,
        /** Optional properties are required and nullable, as OpenAI's strict mode demands. */
        OUTPUT
    }

    private Schemas() {}

    /**
     * The schema of an answer that is an object. It follows the rules of OpenAI's strict mode where the type permits (a map or Object
     * does not): no additional properties, and all properties required, with optional ones nullable.
     *
     * @param type a type that {@link JsonTypes#check} accepts
     * @param recursive whether it contains itself
     */
    static JsonNode ofAnswer(JavaType type, boolean recursive) {
        return generator(Kind.OUTPUT, recursive).generateSchema(resolved(type));
    }

    /** The same for any other type, which becomes the only property of an object. */
    static JsonNode wrapped(JavaType type, boolean recursive, String property) {
        var builder = generator(Kind.OUTPUT, recursive).buildMultipleSchemaDefinitions();
        var schema = object();
        schema.withObject("properties").set(property, builder.createSchemaReference(resolved(type)));
        schema.withArray("required").add(property);
        return withDefinitions(schema, builder);
    }

    /** A given schema as the only property of an object, with its definitions where its references find them. */
    static JsonNode wrapped(ObjectNode given, String property) {
        var schema = object();
        var value = given.deepCopy();
        for (var definitions : List.of("$defs", "definitions")) {
            var found = value.remove(definitions);
            if (found != null) {
                schema.set(definitions, found);
            }
        }
        schema.withObject("properties").set(property, value);
        schema.withArray("required").add(property);
        return schema;
    }

    /** The schema of a tool's parameters, inlined unless a type is recursive. */
    static ObjectNode ofParameters(List<ToolParameter> parameters) {
        var recursive = false;
        for (var parameter : parameters) {
            recursive |= parameter.recursive();
        }
        var schema = object();
        var properties = schema.withObject("properties");
        var required = schema.withArray("required");

        var builder = generator(Kind.PARAMETERS, recursive).buildMultipleSchemaDefinitions();
        for (var parameter : parameters) {
            var reference = builder.createSchemaReference(resolved(JsonTypes.withoutOptional(parameter.type())));
            if (parameter.description() != null) {
                reference.put("description", parameter.description());
            }
            properties.set(parameter.name(), reference);
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        return withDefinitions(schema, builder);
    }

    private static ObjectNode object() {
        var schema = ToolJson.MAPPER.createObjectNode().put("type", "object");
        schema.putObject("properties");
        schema.putArray("required");
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode withDefinitions(ObjectNode schema, SchemaBuilder builder) {
        var definitions = builder.collectDefinitions("$defs");
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    private static SchemaGenerator generator(Kind kind, boolean recursive) {
        var config = new SchemaGeneratorConfigBuilder(ToolJson.MAPPER, SchemaVersion.DRAFT_2020_12, OPTIONS)
                .with(new JacksonModule(JacksonOption.SKIP_SUBTYPE_LOOKUP, JacksonOption.IGNORE_TYPE_INFO_TRANSFORM));
        if (recursive) {
            config.with(Option.INLINE_NULLABLE_SCHEMAS);
        } else {
            config.with(Option.INLINE_ALL_SCHEMAS);
        }
        config.forTypesInGeneral()
                .withPropertySorter((first, second) -> 0)
                .withAdditionalPropertiesResolver(Schemas::closed)
                .withTypeAttributeOverride(Schemas::addDiscriminator)
                .withCustomDefinitionProvider(Schemas::definition);
        config.forFields()
                .withTargetTypeOverridesResolver(Schemas::withoutOptional)
                .withIgnoreCheck(Schemas::isIgnored)
                .withDescriptionResolver(Schemas::description)
                .withRequiredCheck(field -> kind == Kind.OUTPUT || required(field))
                .withNullableCheck(field -> kind == Kind.OUTPUT && !required(field));
        return new SchemaGenerator(config.build());
    }

    private static @Nullable CustomDefinition definition(ResolvedType type, SchemaGenerationContext context) {
        var node = ToolJson.MAPPER.createObjectNode();
        var raw = type.getErasedType();
        var subtypes = Subtypes.of(raw);
        if (subtypes != null) {
            var anyOf = node.putArray("anyOf");
            for (var subtype : subtypes.names().keySet()) {
                anyOf.add(context.createDefinitionReference(
                        context.getTypeContext().resolveSubtype(type, subtype)));
            }
            return new CustomDefinition(
                    node, CustomDefinition.DefinitionType.STANDARD, CustomDefinition.AttributeInclusion.YES);
        }
        var text = TextType.of(raw);
        if (text != null) {
            node.put("type", "string");
            if (text.keyword() != null) {
                node.put(text.keyword(), text.form());
            }
        } else if (raw.isEnum()) {
            node.put("type", "string");
            node.set("enum", ToolJson.MAPPER.valueToTree(raw.getEnumConstants()));
        } else if (ObjectNode.class == raw) {
            node.put("type", "object");
        } else if (ArrayNode.class == raw) {
            node.put("type", "array");
        } else if (!JsonNode.class.isAssignableFrom(raw)) {
            return null;
        }
        return new CustomDefinition(node, true);
    }

    /** Adds the property that tells a subtype from the others of its family, as the first one. */
    private static void addDiscriminator(ObjectNode schema, TypeScope scope, SchemaGenerationContext context) {
        var raw = scope.getType().getErasedType();
        var family = schema.path("type").asText().equals("object") ? Subtypes.containing(raw) : null;
        if (family == null || schema.path("properties").has(family.property())) {
            return;
        }
        var properties = ToolJson.MAPPER.createObjectNode();
        // Not a const, which fewer providers support.
        properties
                .putObject(family.property())
                .put("type", "string")
                .putArray("enum")
                .add(family.names().get(raw));
        properties.setAll(schema.withObject("properties"));
        schema.set("properties", properties);
        schema.withArray("required").insert(0, family.property());
    }

    // Void means "no additional properties" to the generator. A family has its properties in its subtypes: closed, it
    // would allow none.
    private static @Nullable Type closed(TypeScope scope) {
        var raw = scope.getType().getErasedType();
        return (raw.isRecord() || Beans.isBean(raw)) && Subtypes.of(raw) == null ? Void.class : null;
    }

    private static boolean isIgnored(FieldScope field) {
        var declaring = field.getRawMember().getDeclaringClass();
        return !field.isFakeContainerItemScope()
                && !declaring.isRecord()
                && !Beans.fields(field.getDeclaringType().getErasedType()).containsValue(field.getRawMember());
    }

    private static @Nullable List<ResolvedType> withoutOptional(FieldScope field) {
        return field.getType().isInstanceOf(Optional.class)
                ? List.of(field.getContext().getTypeParameterFor(field.getType(), Optional.class, 0))
                : null;
    }

    private static @Nullable String description(FieldScope field) {
        if (field.isFakeContainerItemScope()) {
            return null;
        }
        var component = ParamMetadata.component(field.getRawMember());
        return ParamMetadata.description(component == null ? field.getRawMember() : component);
    }

    private static boolean required(FieldScope field) {
        if (field.isFakeContainerItemScope()) {
            return true;
        }
        var component = ParamMetadata.component(field.getRawMember());
        return component == null ? ParamMetadata.required(field.getRawMember()) : ParamMetadata.required(component);
    }

    private static ResolvedType resolved(JavaType type) {
        if (type.isArrayType()) {
            return RESOLVER.arrayType(resolved(type.getContentType()));
        }
        var arguments = type.getBindings().getTypeParameters().stream()
                .map(Schemas::resolved)
                .toArray(ResolvedType[]::new);
        return RESOLVER.resolve(type.getRawClass(), arguments);
    }
}
