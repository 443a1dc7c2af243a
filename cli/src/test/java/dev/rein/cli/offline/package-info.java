/**
 * Tests of the offline model with real agents. It must behave like a real model: stop at once, call tools with valid
 * arguments, report its usage. Start with {@link dev.rein.cli.offline.OfflineModelTest}.
 */
@NullMarked
package dev.rein.cli.offline;

import org.jspecify.annotations.NullMarked;
