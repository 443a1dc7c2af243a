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

    private static final ClassValue<JsonNode> OUTPUTS = new ClassValue<>() {
        @Override
        protected JsonNode computeValue(Class<?> type) {
            var javaType = JsonTypes.TYPES.constructType(type);
            var recursive = JsonTypes.check(javaType, "output");
            return generator(Kind.OUTPUT, recursive).generateSchema(resolved(javaType));
        }
    };

    private static final OptionPreset OPTIONS = new OptionPreset(
            Option.ADDITIONAL_FIXED_TYPES,
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
     * The schema of an answer. It follows the rules of OpenAI's strict mode where the type permits (a map or Object does not):
     * no additional properties, and all properties required, with optional ones nullable.
     *
     * @return a shared instance: copy it before modifying it
     * @throws IllegalArgumentException if the type can't be expressed in JSON
     */
    public static JsonNode of(Class<?> type) {
        return OUTPUTS.get(type);
    }

    /** The schema of a tool's parameters, inlined unless a type is recursive. */
    static ObjectNode ofParameters(List<ToolParameter> parameters) {
        var recursive = false;
        for (var parameter : parameters) {
            recursive |= parameter.recursive();
        }
        var schema = ToolJson.MAPPER.createObjectNode().put("type", "object");
        var properties = schema.putObject("properties");
        var required = schema.putArray("required");
        schema.put("additionalProperties", false);

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
        var definitions = builder.collectDefinitions("$defs");
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    private static SchemaGenerator generator(Kind kind, boolean recursive) {
        var config = new SchemaGeneratorConfigBuilder(ToolJson.MAPPER, SchemaVersion.DRAFT_2020_12, OPTIONS)
                .with(new JacksonModule(JacksonOption.SKIP_SUBTYPE_LOOKUP));
        if (recursive) {
            config.with(Option.INLINE_NULLABLE_SCHEMAS);
        } else {
            config.with(Option.INLINE_ALL_SCHEMAS);
        }
        config.forTypesInGeneral()
                .withPropertySorter((first, second) -> 0)
                .withAdditionalPropertiesResolver(Schemas::closed)
                .withCustomDefinitionProvider(Schemas::definition);
        config.forFields()
                .withTargetTypeOverridesResolver(Schemas::withoutOptional)
                .withDescriptionResolver(Schemas::description)
                .withRequiredCheck(field -> kind == Kind.OUTPUT || required(field))
                .withNullableCheck(field -> kind == Kind.OUTPUT && !required(field));
        return new SchemaGenerator(config.build());
    }

    private static @Nullable CustomDefinition definition(ResolvedType type, SchemaGenerationContext context) {
        var node = ToolJson.MAPPER.createObjectNode();
        var raw = type.getErasedType();
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

    // Void means "no additional properties" to the generator.
    private static @Nullable Type closed(TypeScope scope) {
        return scope.getType().getErasedType().isRecord() ? Void.class : null;
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
        return component == null ? null : ParamMetadata.description(component);
    }

    private static boolean required(FieldScope field) {
        if (field.isFakeContainerItemScope()) {
            return true;
        }
        var component = ParamMetadata.component(field.getRawMember());
        return component == null || ParamMetadata.required(component);
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
