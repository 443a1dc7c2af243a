/**
 * The client side of OAuth 2.1 as MCP servers use it: finding the authorization server, registering, getting and refreshing tokens. Used by
 * the MCP client only; its settings are in {@link dev.rein.tools.mcp.oauth}. Start with {@link dev.rein.tools.internal.oauth.Authorization}.
 */
@NullMarked
package dev.rein.tools.internal.oauth;

import org.jspecify.annotations.NullMarked;
