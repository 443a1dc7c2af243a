/** The commands that talk to an AgentOS, against one in this process. */
@NullMarked
package dev.rein.cli.client;

import org.jspecify.annotations.NullMarked;
