/**
 * Tests of the command: command lines executed in this process with captured output, and real processes. Start with
 * {@link dev.rein.cli.Cli}. {@link dev.rein.cli.StartScriptTest} tests the start script with a fake JDK.
 */
@NullMarked
package dev.rein.cli;

import org.jspecify.annotations.NullMarked;
