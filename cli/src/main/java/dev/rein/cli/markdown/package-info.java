/** Markdown on a terminal, rendered while it arrives. Start with {@link dev.rein.cli.markdown.MarkdownText}. */
@NullMarked
package dev.rein.cli.markdown;

import org.jspecify.annotations.NullMarked;
