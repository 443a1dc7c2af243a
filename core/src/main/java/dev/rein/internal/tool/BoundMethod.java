package dev.rein.internal.tool;

import dev.rein.tool.ToolFunction;

/** A tool that is a Java method. It checks its arguments itself, when it converts them to the types of its parameters. */
@FunctionalInterface
public interface BoundMethod extends ToolFunction {}
