/**
 * Streamed HTTP requests to model servers over {@code java.net.http}, which a stop ends at once at every point, and without any
 * provider's SDK. An adapter describes its server as a {@link dev.rein.http.ModelEndpoint}, sends a JSON body with {@link
 * dev.rein.http.StreamedRequest}, and assembles the response in a {@link dev.rein.http.ModelEvents}, which receives each event.
 * Failures become a {@link dev.rein.model.ModelException} that names the server and what to do, without secrets.
 *
 * {@snippet :
 * var endpoint = ModelEndpoint.builder("https://api.anthropic.com")
 *         .header("x-api-key", key)
 *         .header("anthropic-version", "2023-06-01")
 *         .keySetting("ANTHROPIC_API_KEY or apiKey(..)")
 *         .build();
 *
 * public ModelResponse respond(ModelRequest request, ModelCall call) {
 *     var assembler = new MessageAssembler(call);       // implements ModelEvents
 *     StreamedRequest.post(endpoint, "v1/messages", body(request)).readEvents(call.cancellation(), assembler);
 *     return assembler.response();
 * }
 * }
 *
 * <p>Code that brings its own requests, such as the transport of a provider's SDK, sends them through a {@link
 * dev.rein.http.StoppableExchange}.
 */
@NullMarked
package dev.rein.http;

import org.jspecify.annotations.NullMarked;
