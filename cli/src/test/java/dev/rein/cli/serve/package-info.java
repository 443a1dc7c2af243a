/** {@code rein serve} as a process of its own. */
@NullMarked
package dev.rein.cli.serve;

import org.jspecify.annotations.NullMarked;
