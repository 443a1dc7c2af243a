/** AgentOS in a process of its own, with 1 GB of heap, under load and attack over real sockets. */
@NullMarked
package dev.rein.load;

import org.jspecify.annotations.NullMarked;
