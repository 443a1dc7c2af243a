package dev.rein.internal;

/**
 * The context of the run that the current thread works for. It is an object here so that this package, which both the public
 * type of contexts and the kernel use, depends on neither.
 */
public final class CurrentContext {
    public static final ScopedValue<Object> VALUE = ScopedValue.newInstance();

    private CurrentContext() {}
}
