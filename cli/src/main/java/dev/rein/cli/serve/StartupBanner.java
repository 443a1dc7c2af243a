package dev.rein.cli.serve;

import dev.rein.cli.Durations;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * The message of {@code rein serve} once it is ready.
 *
 * @param url the server's URL
 * @param store describes the store
 * @param access describes who has access
 * @param drain how long live runs may take to finish at shutdown
 * @param console the URL of the console, or {@code none}
 */
record StartupBanner(String url, String store, String access, Duration drain, String console) {

    void print(PrintWriter out) {
        out.println("""
            AgentOS listens on %1$s; API documentation at %1$s/docs

            agents     research-agent, writing-agent, storyteller-agent, editor-agent
            teams      storytelling-team
            workflows  article-workflow
            console    %5$s
            store      %2$s
            access     %3$s

            Start a run:  curl -N %1$s/teams/storytelling-team/runs -d message="Tell a very long story"
            Cancel it:    curl -X POST %1$s/teams/storytelling-team/runs/RUN_ID/cancel
                          (its first event contains the RUN_ID; ./rein ps lists live runs)
            Ctrl-C shuts down the server: live runs have %4$s to finish; a second Ctrl-C cancels them at once.
            """.formatted(url, store, access, Durations.format(drain), console)
                .stripTrailing());
        out.flush();
    }
}
