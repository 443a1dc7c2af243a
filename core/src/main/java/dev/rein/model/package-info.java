/**
 * What a language model is to Rein: a thing that streams a response to a list of messages. Start with {@link
 * dev.rein.model.Model}; an adapter to a provider implements its one method, and hears of a stop through the {@link
 * dev.rein.model.ModelCall} that it is given.
 */
@NullMarked
package dev.rein.model;

import org.jspecify.annotations.NullMarked;
