/**
 * The tools of servers that implement the Model Context Protocol. Start with {@link dev.rein.tools.mcp.McpTools}.
 */
@NullMarked
package dev.rein.tools.mcp;

import org.jspecify.annotations.NullMarked;
