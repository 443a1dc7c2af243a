@NullMarked
package dev.rein.cli.markdown;

import org.jspecify.annotations.NullMarked;
