/**
 * Tests of the demos, executed as command lines against the offline model and against a provider on a real socket. The
 * printed output is checked. Start with {@link dev.rein.cli.demo.DemoCommandTest}.
 */
@NullMarked
package dev.rein.cli.demo;

import org.jspecify.annotations.NullMarked;
