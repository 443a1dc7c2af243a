/**
 * Models of Ollama, through its own API, which has more than its OpenAI-compatible one: the size of the context, how long the model stays
 * loaded, and all options of the model's runner. Start with {@link dev.rein.ollama.Ollama}. Responses are always streamed, and a
 * stopped run closes its connection at once, so that the server stops generating.
 */
@NullMarked
package dev.rein.ollama;

import org.jspecify.annotations.NullMarked;
