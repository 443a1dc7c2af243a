/**
 * Models of OpenAI and of compatible servers such as vLLM, Ollama, llama.cpp and LM Studio. Start with {@link
 * dev.rein.openai.OpenAIChat} for the chat completions API, which all of them offer, or with {@link dev.rein.openai.OpenAIResponses} for
 * OpenAI's newer responses API. Both always stream, and a stopped run closes its connection at once, so that the server stops generating.
 */
@NullMarked
package dev.rein.openai;

import org.jspecify.annotations.NullMarked;
