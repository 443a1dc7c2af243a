/**
 * The commands that talk to a running AgentOS: what is live there, starting runs, following and stopping them.
 * Start with {@link dev.rein.cli.client.OsClient}.
 */
@NullMarked
package dev.rein.cli.client;

import org.jspecify.annotations.NullMarked;
