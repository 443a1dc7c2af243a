/**
 * Ready-made tools that stop: shell commands, HTTP requests, web search, Hacker News, SQL queries and the tools of MCP
 * servers. Each says how its wait is ended before it begins to wait, so that a stopped run leaves no process, request or
 * query behind. Start with {@link dev.rein.tools.ShellTools}, {@link dev.rein.tools.HttpTools}, {@link
 * dev.rein.tools.WebSearchTools}, {@link dev.rein.tools.HackerNewsTools}, {@link dev.rein.tools.SqlTools} or {@link
 * dev.rein.tools.McpTools}; {@link dev.rein.tools.ProcessTree} is there for tools of your own that start processes.
 */
@NullMarked
package dev.rein.tools;

import org.jspecify.annotations.NullMarked;
