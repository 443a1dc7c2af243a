package dev.rein.tools.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A source of stories and users of Hacker News. Thread-safe. */
interface HackerNews {
    /** The top stories, beginning with the first. */
    List<ObjectNode> topStories(int maxResults, Cancellation cancellation) throws IOException;

    Optional<ObjectNode> user(String name, Cancellation cancellation) throws IOException;
}
