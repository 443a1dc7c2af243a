package dev.rein.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tools that read <a href="https://github.com/HackerNews/API">Hacker News</a>: its top stories and its users. They answer
 * with JSON. A stop closes all connections at once, also while several stories are being fetched. Thread-safe.
 */
public final class HackerNewsTools {
    private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    private final HackerNews source;

    private HackerNewsTools(HackerNews source) {
        this.source = source;
    }

    /** The tools with their defaults: 20 s for a request, 10 s of it for the connection. */
    public HackerNewsTools() {
        this(new Builder().source());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Tools that make no request and answer from a few made-up samples; a {@code note} in each result says so. */
    public static HackerNewsTools offline() {
        return new HackerNewsTools(OfflineSamples.load());
    }

    /**
     * The top stories, six of them fetched at a time: a JSON list of objects with {@code id}, {@code title}, {@code url},
     * {@code by}, {@code score}, {@code time} (seconds since 1970), {@code descendants} (how many comments) and {@code
     * type}, without the ids of the comments.
     *
     * @param num_stories 1 to 50; 10 unless given
     * @throws IOException if Hacker News can't be asked or answers with something else; the message is for the model
     */
    @Tool(
            name = "get_top_hackernews_stories",
            value = "Returns the top stories of Hacker News as JSON: title, url, score, by, time, id and more of each.")
    @SuppressWarnings("MemberName") // The model sees the parameter's name.
    public String topStories(
            @Param("How many stories, 1 to 50; 10 unless given") Optional<Integer> num_stories, RunContext context)
            throws IOException {
        var most = ResultCount.of("num_stories", num_stories, 10);
        return json(source.topStories(most, context.cancellation()));
    }

    /**
     * A user: a JSON object with {@code id}, {@code karma}, {@code about} (HTML, null if the user tells nothing), {@code
     * created} (seconds since 1970) and {@code total_items_submitted}.
     *
     * @throws ToolArgumentException if there is no such user
     * @throws IOException if Hacker News can't be asked or answers with something else; the message is for the model
     */
    @Tool(
            name = "get_user_details",
            value =
                    "Returns the details of a user of Hacker News as JSON: id, karma, about, created, total_items_submitted.")
    public String userDetails(@Param("The user's name; case matters") String username, RunContext context)
            throws IOException {
        var name = username.strip();
        if (!USERNAME.matcher(name).matches()) {
            throw new ToolArgumentException("\"username\" is \"" + username
                    + "\": give the name of a user, of letters, digits, dashes and underscores");
        }
        return json(source.user(name, context.cancellation())
                .orElseThrow(() -> new ToolArgumentException(
                        "Hacker News has no user \"" + name + "\": check the spelling, upper and lower case too")));
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
                    service("HackerNewsTools.offline()"), base("https://hacker-news.firebaseio.com/v0"));
        }

        public HackerNewsTools build() {
            return new HackerNewsTools(source());
        }
    }
}
