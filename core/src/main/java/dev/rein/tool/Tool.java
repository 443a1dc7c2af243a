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

    /**
     * How long a result is kept, in seconds, so that a call with equal arguments gets it without calling the method; 0 for not at all. Failed
     * and stopped calls are not kept.
     */
    long cacheSeconds() default 0;

    /**
     * Whether results are kept for all runs that use the object, up to 1,000 of them, instead of for one run. Only for results that depend
     * on nothing but the arguments, not on the user or the session.
     */
    boolean sharedCache() default false;

    /** Whether a call may be repeated without harm. Then it is, up to {@link #retries} times, when it throws an exception. */
    boolean repeatable() default false;

    /** How often a {@link #repeatable} call is repeated, with delays from 0.5 s, doubled each time, up to 30 s. */
    int retries() default 2;

    /** Whether the result is the answer of the run, so that the model is not asked again. */
    boolean returnDirect() default false;

    /** Whether the run ends after the call, with what the model wrote beside it as its answer. */
    boolean endsRun() default false;

    /** Whether users see the result: it becomes part of the text that the run delivers. */
    boolean showResult() default false;

    /** What events show of the calls. */
    ToolVisibility visibility() default ToolVisibility.SHOWN;
}
