/**
 * Models of OpenAI and of every server that speaks its protocol: vLLM, Ollama, llama.cpp, LM Studio. Start with {@link
 * dev.rein.openai.OpenAIChat} for chat completions, which all of them offer, or with {@link
 * dev.rein.openai.OpenAIResponses} for OpenAI's newer responses. Both always stream, and a stopped run closes its
 * connection at once, so that the server stops generating.
 */
@NullMarked
package dev.rein.openai;

import org.jspecify.annotations.NullMarked;
