package dev.rein.tools.web;

import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.util.List;

/** A service that searches the web. Thread-safe. */
interface WebSearch {
    List<WebResult> web(String query, int maxResults, Cancellation cancellation) throws IOException;

    List<NewsResult> news(String query, int maxResults, Cancellation cancellation) throws IOException;
}
