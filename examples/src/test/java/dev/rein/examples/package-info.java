/**
 * The examples and the documentation are run and compiled as their readers get them. {@link
 * dev.rein.examples.ExamplesTest} starts each example as a process of its own; {@link
 * dev.rein.examples.DocumentationTest} compiles the code in the guides.
 */
@NullMarked
package dev.rein.examples;

import org.jspecify.annotations.NullMarked;
