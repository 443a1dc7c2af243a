/** The console: a page for people, made of static files that are clients of the routes of the other packages. */
@NullMarked
package dev.rein.os.internal.console;

import org.jspecify.annotations.NullMarked;
