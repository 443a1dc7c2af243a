/** The HTTP side of AgentOS: a table of routes, and what each answers. */
@NullMarked
package dev.rein.os.internal.http;

import org.jspecify.annotations.NullMarked;
