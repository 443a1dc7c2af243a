/**
 * The server behind {@code AgentOS}, in rooms: {@code server} assembles it, {@code socket}, {@code system},
 * {@code sessions} and {@code runs} have the routes, {@code auth} decides who may call them, {@code route} is what they
 * are made of, and {@code wire} is the JSON.
 */
@NullMarked
package dev.rein.os.internal;

import org.jspecify.annotations.NullMarked;
