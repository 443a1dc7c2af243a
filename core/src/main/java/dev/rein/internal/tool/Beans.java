package dev.rein.internal.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.AnnotatedWithParams;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plain classes: those that are no records, and whose fields are read from the properties of a JSON object. */
final class Beans {
    private static final ClassValue<Map<String, Field>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, Field> computeValue(Class<?> type) {
            return read(type);
        }
    };

    private Beans() {}

    /** Whether a class may be a plain class, by its kind. */
    static boolean isBean(Class<?> type) {
        return !type.isPrimitive()
                && !type.isArray()
                && !type.isEnum()
                && !type.isRecord()
                && !type.isInterface()
                && !type.isAnnotation()
                && !Collection.class.isAssignableFrom(type)
                && !Map.class.isAssignableFrom(type)
                && !JsonNode.class.isAssignableFrom(type)
                && type != Optional.class
                && !isOfTheJdk(type);
    }

    private static boolean isOfTheJdk(Class<?> type) {
        var loader = type.getClassLoader();
        return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    }

    /** The fields that can be read from JSON, by the names of their properties, in the order of their declaration. */
    static Map<String, Field> fields(Class<?> type) {
        return FIELDS.get(type);
    }

    private static Map<String, Field> read(Class<?> type) {
        var config = ToolJson.MAPPER.getDeserializationConfig();
        var byInternalName = new LinkedHashMap<String, String>();
        config.introspect(config.constructType(type)).findProperties().stream()
                .filter(BeanPropertyDefinition::couldDeserialize)
                .forEach(each -> byInternalName.put(each.getInternalName(), each.getName()));
        var fields = new LinkedHashMap<String, Field>();
        addFields(type, byInternalName, fields);
        return Collections.unmodifiableMap(fields);
    }

    private static void addFields(Class<?> type, Map<String, String> names, Map<String, Field> fields) {
        if (type.getSuperclass() != null && isBean(type.getSuperclass())) {
            addFields(type.getSuperclass(), names, fields);
        }
        for (var field : type.getDeclaredFields()) {
            var name = names.get(field.getName());
            if (name != null && !Modifier.isStatic(field.getModifiers())) {
                fields.put(name, field);
            }
        }
    }

    /** The reason why a type can't be read from JSON; null if there is none. */
    static @Nullable String problem(JavaType type) {
        var raw = type.getRawClass();
        if (!isBean(raw)) {
            return raw.isInterface() && !isOfTheJdk(raw)
                    ? "it is an interface: make it sealed, with records as its subtypes"
                    : "use numbers, strings, booleans, enums, records, sealed interfaces, plain classes, lists, maps with"
                            + " string keys, java.time types or Object; Optional only for a whole parameter, record"
                            + " component or field";
        }
        if (Modifier.isAbstract(raw.getModifiers())) {
            return "it is abstract: make it sealed, with records as its subtypes";
        }
        if (raw.isSealed()) {
            return "it is sealed and not abstract: make it abstract or an interface";
        }
        if (raw.isMemberClass() && !Modifier.isStatic(raw.getModifiers())) {
            return "it is an inner class: make it static";
        }
        if (!isConstructible(type)) {
            return "it has no constructor without parameters: add one, or make it a record";
        }
        return fields(raw).isEmpty()
                ? "it has no fields that are public or have a getter or setter: add some, or make it a record"
                : null;
    }

    private static boolean isConstructible(JavaType type) {
        var config = ToolJson.MAPPER.getDeserializationConfig();
        var description = config.introspect(type);
        return description.findDefaultConstructor() != null
                || Stream.<AnnotatedWithParams>concat(
                                description.getConstructors().stream(), description.getFactoryMethods().stream())
                        .anyMatch(each -> each.hasAnnotation(JsonCreator.class));
    }
}
