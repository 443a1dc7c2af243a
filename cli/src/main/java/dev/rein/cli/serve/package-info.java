/** {@code rein serve}: AgentOS with a few demo components. Start with {@link dev.rein.cli.serve.ServeCommand}. */
@NullMarked
package dev.rein.cli.serve;

import org.jspecify.annotations.NullMarked;
