/**
 * Ready-made tools that can be stopped: shell commands, HTTP requests, web search, Hacker News, SQL queries and the tools of MCP
 * servers. Each tool registers an aborter before it waits, so that a stopped run leaves no process, request or query behind. Start with
 * {@link dev.rein.tools.ShellTools}, {@link dev.rein.tools.HttpTools}, {@link dev.rein.tools.WebSearchTools}, {@link
 * dev.rein.tools.HackerNewsTools}, {@link dev.rein.tools.SqlTools} or {@link dev.rein.tools.McpTools}. Tools of your own that start
 * processes can use {@link dev.rein.tools.ProcessTree}.
 */
@NullMarked
package dev.rein.tools;

import org.jspecify.annotations.NullMarked;
