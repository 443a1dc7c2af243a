package dev.rein.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a public method a tool. Its JSON schema comes from its Java signature: numbers, strings, booleans, enums, records,
 * lists, maps with string keys and {@code Optional}, nested as deep as you like. A parameter of type {@link
 * dev.rein.run.RunContext} is filled in and hidden from the model.
 *
 * <p>The result is given to the model: a string as it is, anything else as JSON.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tool {
    /** What the tool does, for the model. */
    String value();

    /** The name the model calls it by; the method's name unless given. */
    String name() default "";

    /** Whether people must confirm each call; until then the run is paused. */
    boolean requiresConfirmation() default false;

    /** Seconds one call may take; 0 leaves it to the run's {@link dev.rein.runtime.Limits}. */
    long timeoutSeconds() default 0;
}
