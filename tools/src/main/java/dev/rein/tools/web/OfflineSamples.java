package dev.rein.tools.web;

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
 * A few invented results that are part of this module, for demos without a network.
 *
 * @param note part of every result; says that it is invented
 */
record OfflineSamples(
        String note, List<WebResult> web, List<NewsResult> news, List<ObjectNode> stories, List<ObjectNode> users)
        implements WebSearch, HackerNews {

    static OfflineSamples load() {
        try (var resource = Objects.requireNonNull(
                OfflineSamples.class.getResourceAsStream("offline-samples.json"), "offline-samples.json")) {
            return WebService.JSON.readValue(resource, OfflineSamples.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the samples of this module", e);
        }
    }

    @Override
    public List<WebResult> web(String query, int maxResults, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        return best(web, query, maxResults, found -> found.title() + " " + found.body()).stream()
                .map(found -> new WebResult(found.title(), found.href(), found.body(), note))
                .toList();
    }

    @Override
    public List<NewsResult> news(String query, int maxResults, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        return best(news, query, maxResults, found -> found.title() + " " + found.body()).stream()
                .map(found -> new NewsResult(
                        found.date(), found.title(), found.body(), found.url(), found.image(), found.source(), note))
                .toList();
    }

    @Override
    public List<ObjectNode> topStories(int maxResults, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        return stories.stream().limit(maxResults).map(this::withNote).toList();
    }

    @Override
    public Optional<ObjectNode> user(String name, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        var found = users.stream()
                .filter(user -> user.path("id").asText().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            throw new ToolArgumentException("the built-in samples have no user \"" + name + "\"; they have "
                    + users.stream().map(user -> user.path("id").asText()).toList());
        }
        return found.map(this::withNote);
    }

    private ObjectNode withNote(ObjectNode sample) {
        return sample.deepCopy().put("note", note);
    }

    /** The samples, ordered by the number of the query's words that they contain. */
    private static <T> List<T> best(List<T> samples, String query, int maxResults, Function<T, String> text) {
        var words = query.toLowerCase(Locale.ROOT).split("\\W+");
        return samples.stream()
                .sorted(Comparator.comparingLong((T sample) -> -common(words, text.apply(sample))))
                .limit(maxResults)
                .toList();
    }

    private static long common(String[] words, String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(words)
                .filter(word -> word.length() > 2 && lower.contains(word))
                .count();
    }
}
