package dev.rein.cli.demo;

import dev.rein.model.Model;
import dev.rein.tools.HackerNewsTools;
import dev.rein.tools.WebSearchTools;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a demo works with.
 *
 * @param model the model asked
 * @param offline whether nothing may ask the network
 * @param prompt what the model is asked
 * @param cancelAfter when another thread stops the run; null lets it complete
 * @param screen where it shows what happens
 */
record DemoContext(
        Model model,
        boolean offline,
        String prompt,
        @Nullable Duration cancelAfter,
        DemoPrinter screen) {

    WebSearchTools webSearch() {
        return offline ? WebSearchTools.offline() : new WebSearchTools();
    }

    HackerNewsTools hackerNews() {
        return offline ? HackerNewsTools.offline() : new HackerNewsTools();
    }
}
