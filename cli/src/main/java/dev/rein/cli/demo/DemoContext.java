package dev.rein.cli.demo;

import dev.rein.model.Model;
import dev.rein.tools.web.HackerNewsTools;
import dev.rein.tools.web.WebSearchTools;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a demo.
 *
 * @param model the model
 * @param offline whether network access is avoided
 * @param prompt the prompt
 * @param cancelAfter when another thread cancels the run; null to let it complete
 * @param countFrom opens when the time until the cancel starts to count
 * @param printer prints the progress
 */
record DemoContext(
        Model model,
        boolean offline,
        String prompt,
        @Nullable Duration cancelAfter,
        CountDownLatch countFrom,
        DemoPrinter printer) {

    WebSearchTools webSearch() {
        return offline ? WebSearchTools.offline() : new WebSearchTools();
    }

    HackerNewsTools hackerNews() {
        return offline ? HackerNewsTools.offline() : new HackerNewsTools();
    }
}
