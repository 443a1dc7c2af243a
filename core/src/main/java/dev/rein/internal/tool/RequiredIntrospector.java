package dev.rein.internal.tool;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.lang.reflect.Executable;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes Jackson reject missing and null components of a record, unless they are optional, and tell the subtypes of sealed types apart. */
final class RequiredIntrospector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
        var component = component(member);
        return component == null ? super.hasRequiredMarker(member) : Boolean.valueOf(ParamMetadata.required(component));
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
        var component = component(annotated);
        return component != null && ParamMetadata.required(component)
                ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                : super.findSetterInfo(annotated);
    }

    @Override
    @SuppressWarnings(
            "deprecation") // What Jackson 2.22 has in place of construct(..) is not in 2.21, which Spring Boot brings.
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        var own = super.findPolymorphicTypeInfo(config, annotated);
        if (own != null || !(annotated instanceof AnnotatedClass)) {
            return own;
        }
        var family = family(annotated.getRawType());
        // Where only one subtype is possible, its name may be missing.
        var requireTypeId = false;
        return family == null
                ? null
                : JsonTypeInfo.Value.construct(
                        JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, family.property(), null, false, requireTypeId);
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
        var own = super.findSubtypes(annotated);
        var family = own == null ? Subtypes.of(annotated.getRawType()) : null;
        return family == null
                ? own
                : family.names().entrySet().stream()
                        .map(each -> new NamedType(each.getKey(), each.getValue()))
                        .toList();
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass annotated) {
        var own = super.findTypeName(annotated);
        var family = own == null ? Subtypes.containing(annotated.getRawType()) : null;
        return family == null ? own : family.names().get(annotated.getRawType());
    }

    private static @Nullable Subtypes family(Class<?> type) {
        var own = Subtypes.of(type);
        return own == null ? Subtypes.containing(type) : own;
    }

    private static @Nullable RecordComponent component(Annotated annotated) {
        return switch (annotated) {
            case AnnotatedParameter parameter
            when parameter.getOwner().getAnnotated() instanceof Executable executable ->
                ParamMetadata.component(executable, parameter.getIndex());
            case AnnotatedField field -> ParamMetadata.component(field.getAnnotated());
            case AnnotatedMethod method
            when method.getParameterCount() == 0 ->
                ParamMetadata.component(method.getDeclaringClass(), method.getName());
            default -> null;
        };
    }
}
