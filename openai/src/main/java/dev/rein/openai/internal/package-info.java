/**
 * How the models of {@code dev.rein.openai} reach a server; nobody else uses these classes. {@link
 * dev.rein.openai.internal.Exchange} is one HTTP exchange and what ends it, {@link dev.rein.openai.internal.HttpTransport}
 * is what OpenAI's SDK sends through. The rest turns Rein's words into the provider's and back.
 */
@NullMarked
package dev.rein.openai.internal;

import org.jspecify.annotations.NullMarked;
