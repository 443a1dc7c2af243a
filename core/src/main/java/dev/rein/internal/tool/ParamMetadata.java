package dev.rein.internal.tool;

import dev.rein.tool.Param;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads whether a parameter or a record component is required, and its description. */
final class ParamMetadata {
    private ParamMetadata() {}

    static boolean required(Parameter parameter) {
        return required(parameter, parameter.getAnnotatedType(), parameter.getType());
    }

    static boolean required(RecordComponent component) {
        return required(component, component.getAnnotatedType(), component.getType());
    }

    /** Whether a value is required for the field of a class that is no record. */
    static boolean required(Field field) {
        return required(field, field.getAnnotatedType(), field.getType());
    }

    static @Nullable String description(AnnotatedElement element) {
        var param = element.getAnnotation(Param.class);
        return param == null || param.value().isBlank() ? null : param.value();
    }

    /** The record component of a field; null if the field is not a record's. */
    static @Nullable RecordComponent component(Field field) {
        return component(field.getDeclaringClass(), field.getName());
    }

    static @Nullable RecordComponent component(Class<?> type, String name) {
        if (!type.isRecord()) {
            return null;
        }
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The record component of a canonical constructor's parameter; null for any other constructor. */
    static @Nullable RecordComponent component(Executable constructor, int index) {
        var type = constructor.getDeclaringClass();
        if (!type.isRecord()) {
            return null;
        }
        var components = type.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray();
        return Arrays.equals(types, constructor.getParameterTypes()) ? components[index] : null;
    }

    private static boolean required(AnnotatedElement element, AnnotatedType annotatedType, Class<?> type) {
        var param = element.getAnnotation(Param.class);
        return type != Optional.class
                && (param == null || param.required())
                && !isNullable(annotatedType)
                && !isNullable(element);
    }

    // By simple name, because several libraries define this annotation with the same meaning.
    private static boolean isNullable(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type -> type.getSimpleName().equals("Nullable"));
    }
}
