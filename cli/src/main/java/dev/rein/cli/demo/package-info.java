/**
 * The demos of {@code rein demo}: runs started in one thread and cancelled from another. Each is a
 * {@link dev.rein.cli.demo.Demo}, executed by {@link dev.rein.cli.demo.DemoRunner}. They use a real model if one is
 * configured, otherwise the offline model.
 */
@NullMarked
package dev.rein.cli.demo;

import org.jspecify.annotations.NullMarked;
