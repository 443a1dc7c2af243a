/**
 * Models of Google Gemini, through the Gemini API. Start with {@link dev.rein.gemini.Gemini}. Responses are always streamed, and a stopped
 * run closes its connection at once, so that the server stops generating. The signatures of the model's thoughts are kept with the
 * history and returned, which newer models require.
 */
@NullMarked
package dev.rein.gemini;

import org.jspecify.annotations.NullMarked;
