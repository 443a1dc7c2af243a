/**
 * The commands that talk to a running AgentOS: list, start, follow and cancel runs. Start with
 * {@link dev.rein.cli.client.OsClient}.
 */
@NullMarked
package dev.rein.cli.client;

import org.jspecify.annotations.NullMarked;
