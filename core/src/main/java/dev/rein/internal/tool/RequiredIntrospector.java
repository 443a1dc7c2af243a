package dev.rein.internal.tool;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.lang.reflect.Executable;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Makes Jackson reject missing and null components of a record, unless they are optional. */
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
