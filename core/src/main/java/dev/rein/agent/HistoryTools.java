package dev.rein.agent;

import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionQuery;
import dev.rein.session.SessionStore;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Tools by which a model reads earlier messages of its conversation, beyond {@link ModelComponentBuilder#addHistory}, and searches the past
 * conversations of its user. They read a store, wait for it in the time of a tool call, and find ended runs only. A user's
 * conversations are those whose session has the user id of the run; of others they say that there are none. Thread-safe.
 *
 * {@snippet :
 * var agent = Agent.builder().model(model).store(store).tools(HistoryTools.of(store)).build();
 * }
 */
public final class HistoryTools {
    private static final int MAX_RUNS = 50;
    private static final int MAX_SESSIONS = 200;
    private static final int MAX_FOUND = 10;
    private static final int MAX_TEXT = 2_000;
    private static final int SNIPPET = 200;
    private static final Set<RunStatus> ENDED = Set.of(RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.ERROR);

    private final SessionStore store;

    private HistoryTools(SessionStore store) {
        this.store = store;
    }

    /** @param store the store of the conversations, usually that of the agent */
    public static HistoryTools of(SessionStore store) {
        return new HistoryTools(Objects.requireNonNull(store, "store is null: give the store of the agent"));
    }

    /** The latest questions and answers of the run's session; at most 50, and of each text the first 2,000 characters. */
    @Tool(
            name = "get_chat_history",
            value =
                    "Reads the latest questions and answers of this conversation, in their order, without the current one.")
    public String chatHistory(
            @Param("How many questions and answers to read, 1 to 50; 10 by default") Optional<Integer> count,
            RunContext context) {
        var session = context.sessionId();
        if (session == null) {
            return "This conversation is not stored: there is no history.";
        }
        return read(session, count);
    }

    /** The user's past sessions with all words of a query in one question and answer; at most 10 of the latest 200. */
    @Tool(
            name = "search_past_sessions",
            value =
                    "Searches the past conversations of the user, the latest first. Returns their ids, which read_past_session"
                            + " takes, with the place that was found.")
    public String search(
            @Param("Words that all occur in one question and its answer; leave it out for the latest conversations")
                    Optional<String> query,
            RunContext context)
            throws Exception {
        var user = context.userId();
        if (user == null) {
            return "The user is unknown: no past conversations can be found.";
        }
        var words = Arrays.stream(query.orElse("").toLowerCase(Locale.ROOT).split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        var found = new StringBuilder();
        var count = 0;
        var sessions = SessionQuery.all()
                .userId(user)
                .sort(SessionQuery.Sort.UPDATED, false)
                .page(1, MAX_SESSIONS);
        for (var session : store.sessions(sessions).items()) {
            // Each session is a query of its own.
            context.cancellation().throwIfCancelled();
            if (session.sessionId().equals(context.sessionId())) {
                continue;
            }
            var place = find(session.sessionId(), words);
            if (place.isPresent()) {
                found.append(described(session, place.get()));
                if (++count == MAX_FOUND) {
                    break;
                }
            }
        }
        return found.isEmpty() ? "There is no such past conversation of the user." : found.toString();
    }

    /** The latest questions and answers of a past session of the user; at most 50, and of each text the first 2,000 characters. */
    @Tool(
            name = "read_past_session",
            value = "Reads the latest questions and answers of a past conversation of the user, in their order.")
    public String readPast(
            @Param("The id of the conversation, from search_past_sessions") String sessionId,
            @Param("How many questions and answers to read, 1 to 50; 10 by default") Optional<Integer> count,
            RunContext context) {
        var user = context.userId();
        var session = user == null
                ? Optional.<Session>empty()
                : store.session(sessionId).filter(each -> user.equals(each.userId()));
        return session.isEmpty()
                ? "The user has no conversation with this id: take one from search_past_sessions."
                : read(sessionId, count);
    }

    private String read(String sessionId, Optional<Integer> count) {
        var most = Math.clamp(count.orElse(10), 1, MAX_RUNS);
        var text = new StringBuilder();
        for (var run : previews(sessionId, most).reversed()) {
            text.append(time(run.createdAt())).append('\n');
            text.append("User: ").append(run.input()).append('\n');
            text.append("Assistant: ")
                    .append(run.text())
                    .append(run.status() == RunStatus.COMPLETED ? "" : " [interrupted]")
                    .append("\n\n");
        }
        return text.isEmpty()
                ? "There are no earlier messages."
                : text.toString().strip();
    }

    /** The latest runs of a session, the latest first. */
    private List<RunPreview> previews(String sessionId, int most) {
        return store.previews(
                        RunQuery.of(sessionId).statuses(ENDED).newestFirst(true).page(1, most), MAX_TEXT)
                .items();
    }

    /** The latest run with all words; any without words. */
    private Optional<RunPreview> find(String sessionId, List<String> words) {
        return previews(sessionId, words.isEmpty() ? 1 : MAX_RUNS).stream()
                .filter(run -> {
                    var text = (run.input() + "\n" + run.text()).toLowerCase(Locale.ROOT);
                    return words.stream().allMatch(text::contains);
                })
                .findFirst();
    }

    private static String described(Session session, RunPreview place) {
        var name = session.name();
        return "Conversation " + session.sessionId() + (name == null ? "" : " \"" + name + "\"") + ", "
                + time(place.createdAt()) + "\nUser: " + RunPreview.cut(place.input(), SNIPPET) + "\nAssistant: "
                + RunPreview.cut(place.text(), SNIPPET) + "\n\n";
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MINUTES).toString();
    }
}
