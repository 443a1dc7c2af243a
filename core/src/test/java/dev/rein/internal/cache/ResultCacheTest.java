package dev.rein.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ResultCacheTest {
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);

    private final ResultCache<String> cache = new ResultCache<>(Duration.ofNanos(10), 3, time::get);

    private void put(String key, String text) {
        cache.put(key, key.length(), text, true);
    }

    @Test
    void aTextIsKeptForItsTime() {
        put("a", "1");
        time.addAndGet(9);
        assertThat(Objects.requireNonNull(cache.get("a")).text()).isEqualTo("1");
        time.addAndGet(1);
        assertThat(cache.get("a")).isNull();
    }

    @Test
    void theOneThatWasNotUsedForTheLongestTimeIsDropped() {
        put("a", "1");
        put("b", "2");
        put("c", "3");
        cache.get("a");
        put("d", "4");
        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("a")).isNotNull();
        put("a", "5");
        assertThat(Objects.requireNonNull(cache.get("a")).text()).isEqualTo("5");
    }

    @Test
    void theSizeIsBounded() {
        put("a", "x".repeat(10 << 20));
        put("b", "x".repeat(10 << 20));
        assertThat(cache.get("a")).isNull();
        put("c", "x".repeat(17 << 20));
        assertThat(cache.get("c")).isNull();
        assertThat(cache.get("b")).isNotNull();
    }

    @Test
    void anEndlessTimeIsAccepted() {
        var endless = new ResultCache<String>(Duration.ofSeconds(Long.MAX_VALUE), 1, time::get);
        endless.put("a", 1, "1", false);
        assertThat(Objects.requireNonNull(endless.get("a")).complete()).isFalse();
    }
}
