/**
 * OAuth 2.1 for MCP servers over HTTP. {@link dev.rein.tools.mcp.oauth.McpOAuth} says how a connection gets its tokens: by a person in a
 * browser, or with the credentials of a service. Start there.
 */
@NullMarked
package dev.rein.tools.mcp.oauth;

import org.jspecify.annotations.NullMarked;
