/** The client commands, against an AgentOS in this process. */
@NullMarked
package dev.rein.cli.client;

import org.jspecify.annotations.NullMarked;
