/** {@code rein serve} in a separate process. */
@NullMarked
package dev.rein.cli.serve;

import org.jspecify.annotations.NullMarked;
