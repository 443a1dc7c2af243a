/**
 * What {@code rein demo} shows: a run that is started in one thread and stopped from another. Each demo is a {@link
 * dev.rein.cli.demo.Demo}, shown by the one {@link dev.rein.cli.demo.DemoRunner}. They use a real
 * model when one is configured, and the offline one otherwise.
 */
@NullMarked
package dev.rein.cli.demo;

import org.jspecify.annotations.NullMarked;
