package dev.rein.tools;

import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.util.List;

/** A service that searches the web. Thread-safe. */
interface WebSearch {
    /** @param most how many results at most */
    List<WebResult> web(String query, int most, Cancellation cancellation) throws IOException;

    /** @param most how many results at most */
    List<NewsResult> news(String query, int most, Cancellation cancellation) throws IOException;
}
