package dev.rein.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a public method as a tool. Its JSON schema is derived from its signature: numbers, strings, booleans, enums,
 * records, lists, maps with string keys and {@code Optional}, at any depth. A parameter of type {@link
 * dev.rein.run.RunContext} receives the context of the run and is hidden from the model.
 *
 * <p>The model receives the return value: a string unchanged, the text of an {@code InputStream} or {@code Reader}, anything else as JSON.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tool {
    /** The description of the tool for the model. */
    String value();

    /** The name of the tool; by default the name of the method. */
    String name() default "";

    /** Whether people must confirm each call; the run is paused until then. */
    boolean requiresConfirmation() default false;

    /** The time limit of a call in seconds; 0 for the limit of the run, see {@link dev.rein.runtime.Limits#tool}. */
    long timeoutSeconds() default 0;

    /** The maximum size of a result for the model, in bytes of UTF-8; 0 for that of the agent. */
    int resultLimit() default 0;
}
