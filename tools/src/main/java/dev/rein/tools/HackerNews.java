package dev.rein.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where stories and users of Hacker News come from. Thread-safe. */
interface HackerNews {
    /** The stories at the top, the first one first. */
    List<ObjectNode> topStories(int most, Cancellation cancellation) throws IOException;

    Optional<ObjectNode> user(String name, Cancellation cancellation) throws IOException;
}
