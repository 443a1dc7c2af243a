/**
 * Tools that read public web services. Start with {@link dev.rein.tools.web.WebSearchTools} or {@link
 * dev.rein.tools.web.HackerNewsTools}.
 */
@NullMarked
package dev.rein.tools.web;

import org.jspecify.annotations.NullMarked;
