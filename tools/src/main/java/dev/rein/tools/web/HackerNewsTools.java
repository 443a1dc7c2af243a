package dev.rein.tools.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tools that read the top stories and users of <a href="https://github.com/HackerNews/API">Hacker News</a>. They return JSON. A stop
 * closes all connections at once, also while several stories are being fetched. Thread-safe.
 */
public final class HackerNewsTools {
    private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    private final HackerNews source;

    private HackerNewsTools(HackerNews source) {
        this.source = source;
    }

    /** The tools with the default settings: timeouts of 20 s for a request and 10 s for connecting. */
    public HackerNewsTools() {
        this(new Builder().source());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Tools that make no requests and return a few invented results, each with a {@code note} that says so. */
    public static HackerNewsTools offline() {
        return new HackerNewsTools(OfflineSamples.load());
    }

    /**
     * Returns the top stories, which are fetched six at a time, as a JSON array of objects with {@code id}, {@code title}, {@code url},
     * {@code by}, {@code score}, {@code time} (seconds since 1970), {@code descendants} (number of comments) and {@code type}, without the
     * ids of the comments.
     *
     * @param num_stories 1 to 50, default 10
     * @throws IOException if Hacker News cannot be reached or its response is invalid; the message is written for the model
     */
    @Tool(
            name = "get_top_hackernews_stories",
            value = "Returns the top stories of Hacker News as JSON: title, url, score, by, time, id and more of each.")
    @SuppressWarnings("MemberName") // The model sees the parameter's name.
    public String topStories(
            @Param("Number of stories, 1 to 50; default 10") Optional<Integer> num_stories, RunContext context)
            throws IOException {
        var maxResults = ResultCount.of("num_stories", num_stories, 10);
        return json(source.topStories(maxResults, context.cancellation()));
    }

    /**
     * Returns a user as a JSON object with {@code id}, {@code karma}, {@code about} (HTML; null if empty), {@code created} (seconds since
     * 1970) and {@code total_items_submitted}.
     *
     * @throws ToolArgumentException if the user does not exist
     * @throws IOException if Hacker News cannot be reached or its response is invalid; the message is written for the model
     */
    @Tool(
            name = "get_user_details",
            value = "Returns the details of a user of Hacker News as JSON: id, karma, about, created,"
                    + " total_items_submitted.")
    public String userDetails(@Param("The user's name, case-sensitive") String username, RunContext context)
            throws IOException {
        var name = username.strip();
        if (!USERNAME.matcher(name).matches()) {
            throw new ToolArgumentException("\"username\" is \"" + username
                    + "\": use the name of a user, which consists of letters, digits, dashes and underscores");
        }
        return json(source.user(name, context.cancellation())
                .orElseThrow(() -> new ToolArgumentException("Hacker News has no user \"" + name
                        + "\": check the spelling, including upper and lower case")));
    }

    private static String json(Object value) throws JsonProcessingException {
        return WebService.JSON.writeValueAsString(value);
    }

    /** Builds {@link HackerNewsTools}. Not thread-safe. */
    public static final class Builder extends ServiceBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        private HackerNews source() {
            return new HackerNewsApi(
                    service("HackerNewsTools.offline()"), baseUrlOr("https://hacker-news.firebaseio.com/v0"));
        }

        public HackerNewsTools build() {
            return new HackerNewsTools(source());
        }
    }
}
