package dev.rein.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies, compares and describes values created by user code, which may retain references to them. Maps, lists and sets are
 * copied deeply; other values are assumed to be immutable, like those of JSON.
 *
 * <p>A value is <em>inert</em> if this runs only JDK code and takes no lock: strings, numbers, booleans, times, and the ordinary
 * collections of the JDK. Synchronized maps and user-defined collections are not inert: any access may block or throw.
 */
public final class ValueCopies {
    private static final Set<String> COLLECTIONS = Set.of(
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.TreeMap",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.ArrayList",
            "java.util.LinkedList",
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.TreeSet",
            "java.util.Arrays$ArrayList");

    private static final Set<Class<?>> VALUES = Set.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class);

    private ValueCopies() {}

    /** A value is not inert. */
    public static final class NotInertException extends Exception {
        private static final long serialVersionUID = 1L;

        private NotInertException() {
            super(null, null, false, false);
        }
    }

    /** A deep copy. Runs user code if the value is not inert. */
    public static @Nullable Object copy(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var copy = new HashMap<@Nullable Object, @Nullable Object>();
                map.forEach((key, each) -> copy.put(key, copy(each)));
                yield copy;
            }
            case List<?> list -> {
                var copy = new ArrayList<@Nullable Object>(list.size());
                list.forEach(each -> copy.add(copy(each)));
                yield copy;
            }
            case Set<?> set -> {
                var copy = new LinkedHashSet<@Nullable Object>();
                set.forEach(each -> copy.add(copy(each)));
                yield copy;
            }
            case null -> null;
            default -> value;
        };
    }

    /**
     * An immutable deep copy of a map. Runs user code if it is not inert.
     *
     * @throws NullPointerException if a key or a value is null; values further down may be
     */
    public static Map<String, Object> copyAll(Map<String, Object> values) {
        var copy = new HashMap<String, Object>();
        values.forEach((key, value) ->
                copy.put(Objects.requireNonNull(key), Objects.requireNonNull(copy(Objects.requireNonNull(value)))));
        return Map.copyOf(copy);
    }

    /**
     * A deep copy that runs no user code.
     *
     * @throws NotInertException if that can't be
     */
    public static @Nullable Object copyInert(@Nullable Object value) throws NotInertException {
        if (!(value instanceof Map || value instanceof List || value instanceof Set)) {
            return value;
        }
        if (!isOrdinary(value)) {
            throw new NotInertException();
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new HashMap<Object, @Nullable Object>();
            for (var entry : map.entrySet()) {
                copy.put(hashable(entry.getKey()), copyInert(entry.getValue()));
            }
            return copy;
        }
        if (value instanceof Set<?> set) {
            var copy = new LinkedHashSet<Object>();
            for (var each : set) {
                copy.add(hashable(each));
            }
            return copy;
        }
        var copy = new ArrayList<@Nullable Object>();
        for (var each : (List<?>) value) {
            copy.add(copyInert(each));
        }
        return copy;
    }

    private static Object hashable(@Nullable Object key) throws NotInertException {
        if (key == null || !isInertValue(key)) {
            throw new NotInertException();
        }
        return key;
    }

    private static boolean isInertValue(@Nullable Object value) {
        return value != null
                && (VALUES.contains(value.getClass())
                        || value instanceof Enum
                        || (value instanceof Temporal
                                && value.getClass().getName().startsWith("java.time.")));
    }

    private static boolean isOrdinary(@Nullable Object value) {
        if (value == null) {
            return false;
        }
        var name = value.getClass().getName();
        return COLLECTIONS.contains(name) || name.startsWith("java.util.ImmutableCollections$");
    }

    /** Whether two copies are equal, without running user code: objects of user-defined classes are compared by identity. */
    @SuppressWarnings("ReferenceEquality")
    public static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one == other) {
            return true;
        }
        if (one == null || other == null) {
            return false;
        }
        if (isInertValue(one) && isInertValue(other)) {
            return one.equals(other);
        }
        if (!isOrdinary(one) || !isOrdinary(other)) {
            return false;
        }
        if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> otherMap) {
            return map.size() == otherMap.size()
                    && map.entrySet().stream()
                            .allMatch(entry -> isInertValue(entry.getKey())
                                    && isSame(entry.getValue(), otherMap.get(entry.getKey())));
        }
        if (one instanceof List<?> list && other instanceof List<?> otherList) {
            if (list.size() != otherList.size()) {
                return false;
            }
            for (var i = 0; i < list.size(); i++) {
                if (!isSame(list.get(i), otherList.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return one instanceof Set<?> set
                && other instanceof Set<?> otherSet
                && set.stream().allMatch(ValueCopies::isInertValue)
                && otherSet.stream().allMatch(ValueCopies::isInertValue)
                && new HashSet<>(set).equals(otherSet);
    }

    /** A readable description of a value, without running user code: objects of user-defined classes are named by their class. */
    public static String describe(@Nullable Object value) {
        if (value == null) {
            return "nothing";
        }
        try {
            return isInertDeep(value)
                    ? value.toString()
                    : "a " + value.getClass().getName();
        } catch (RuntimeException | StackOverflowError e) {
            // It contains itself, or somebody changes it.
            return "a " + value.getClass().getName();
        }
    }

    private static boolean isInertDeep(@Nullable Object value) {
        if (value == null || isInertValue(value)) {
            return true;
        }
        return isOrdinary(value)
                && (value instanceof Map<?, ?> map
                        ? map.entrySet().stream()
                                .allMatch(entry -> isInertDeep(entry.getKey()) && isInertDeep(entry.getValue()))
                        : ((Collection<?>) value).stream().allMatch(ValueCopies::isInertDeep));
    }
}
