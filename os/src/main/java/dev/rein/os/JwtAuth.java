package dev.rein.os;

/** How tokens are checked. */
public record JwtAuth() {}
