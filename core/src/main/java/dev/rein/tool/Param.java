package dev.rein.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a parameter of a tool, or a component of a record that is one, to the model. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD})
public @interface Param {
    /** What it means, with its unit. */
    String value();

    /** Whether the model must give it. {@code Optional} and {@code @Nullable} ones need not be given either. */
    boolean required() default true;
}
