/** Who may call: the security key, JSON Web Tokens and their scopes, and the origins of web pages. */
@NullMarked
package dev.rein.os.internal.auth;

import org.jspecify.annotations.NullMarked;
