package dev.rein.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.Cancellation;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A few made-up results that come with this module, for demos without a network. Each has a note that says so.
 *
 * @param note goes into every result
 */
record OfflineSamples(
        String note, List<WebResult> web, List<NewsResult> news, List<ObjectNode> stories, List<ObjectNode> users)
        implements WebSearch, HackerNews {

    static OfflineSamples load() {
        try (var resource = Objects.requireNonNull(
                OfflineSamples.class.getResourceAsStream("offline-samples.json"), "offline-samples.json")) {
            return WebService.JSON.readValue(resource, OfflineSamples.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the samples of this module can't be read", e);
        }
    }

    @Override
    public List<WebResult> web(String query, int most, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        return best(web, query, most, found -> found.title() + " " + found.body()).stream()
                .map(found -> new WebResult(found.title(), found.href(), found.body(), note))
                .toList();
    }

    @Override
    public List<NewsResult> news(String query, int most, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        return best(news, query, most, found -> found.title() + " " + found.body()).stream()
                .map(found -> new NewsResult(
                        found.date(), found.title(), found.body(), found.url(), found.image(), found.source(), note))
                .toList();
    }

    @Override
    public List<ObjectNode> topStories(int most, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        return stories.stream().limit(most).map(this::noted).toList();
    }

    @Override
    public Optional<ObjectNode> user(String name, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        var found = users.stream()
                .filter(user -> user.path("id").asText().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            throw new ToolArgumentException("these are built-in samples, without a user \"" + name + "\": there are "
                    + users.stream().map(user -> user.path("id").asText()).toList());
        }
        return found.map(this::noted);
    }

    private ObjectNode noted(ObjectNode sample) {
        return sample.deepCopy().put("note", note);
    }

    /** All of them if need be: those that have most of the query's words first. */
    private static <T> List<T> best(List<T> samples, String query, int most, Function<T, String> text) {
        var words = query.toLowerCase(Locale.ROOT).split("\\W+");
        return samples.stream()
                .sorted(Comparator.comparingLong((T sample) -> -common(words, text.apply(sample))))
                .limit(most)
                .toList();
    }

    private static long common(String[] words, String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(words)
                .filter(word -> word.length() > 2 && lower.contains(word))
                .count();
    }
}
