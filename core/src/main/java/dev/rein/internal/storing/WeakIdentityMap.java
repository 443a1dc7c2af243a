package dev.rein.internal.storing;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values by objects of the user's, such as stores, for as long as those are used. Compares keys by identity: their {@code equals}
 * and {@code hashCode} may block. Thread-safe.
 */
final class WeakIdentityMap<K, V> {
    private static final class Key extends WeakReference<Object> {
        private final int hash;

        Key(Object object, @Nullable ReferenceQueue<Object> cleared) {
            super(object, cleared);
            hash = System.identityHashCode(object);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            var object = get();
            return object != null && other instanceof Key key && key.refersTo(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Map<Key, V> entries = new HashMap<>();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();

    synchronized @Nullable V get(K key) {
        return entries.get(new Key(key, null));
    }

    /** @param make makes the value of a new key; called under this map's monitor, so it must not run users' code */
    synchronized V computeIfAbsent(K key, Supplier<V> make) {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            entries.remove(gone);
        }
        return entries.computeIfAbsent(new Key(key, cleared), _ -> make.get());
    }

    synchronized List<V> values() {
        return List.copyOf(entries.values());
    }
}
