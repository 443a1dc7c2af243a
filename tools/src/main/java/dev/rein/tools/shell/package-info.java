/**
 * A tool that runs shell commands. Start with {@link dev.rein.tools.shell.ShellTools}. Tools of your own that start processes can use
 * {@link dev.rein.tools.shell.ProcessTree}, which ends a process together with all its descendants.
 */
@NullMarked
package dev.rein.tools.shell;

import org.jspecify.annotations.NullMarked;
