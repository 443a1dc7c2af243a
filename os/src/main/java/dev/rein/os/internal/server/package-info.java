/** The HTTP server: connections, errors, the access log, start and shutdown. */
@NullMarked
package dev.rein.os.internal.server;

import org.jspecify.annotations.NullMarked;
