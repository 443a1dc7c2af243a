/**
 * Anthropic's models, called through its Messages API. Start with {@link dev.rein.anthropic.AnthropicMessages}. Responses are always
 * streamed, and a stopped run closes its connection at once, so that the provider stops generating.
 */
@NullMarked
package dev.rein.anthropic;

import org.jspecify.annotations.NullMarked;
