/**
 * A tool that fetches pages and makes HTTP requests. Start with {@link dev.rein.tools.http.HttpTools}.
 */
@NullMarked
package dev.rein.tools.http;

import org.jspecify.annotations.NullMarked;
