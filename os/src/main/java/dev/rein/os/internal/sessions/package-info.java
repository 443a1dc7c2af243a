/** Sessions and memories over HTTP: listing, changing, forking and deleting them. */
@NullMarked
package dev.rein.os.internal.sessions;

import org.jspecify.annotations.NullMarked;
