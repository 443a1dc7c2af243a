/**
 * The offline model, used by real agents. It must hold to the rules of a real one: stop at once, call tools with arguments
 * that fit, report what it used. Start with {@link dev.rein.cli.offline.OfflineModelTest}.
 */
@NullMarked
package dev.rein.cli.offline;

import org.jspecify.annotations.NullMarked;
