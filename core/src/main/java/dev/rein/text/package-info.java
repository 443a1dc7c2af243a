/** Text of models, users and other systems, made safe for terminals and logs. Start with {@link dev.rein.text.PlainText}. */
@NullMarked
package dev.rein.text;

import org.jspecify.annotations.NullMarked;
