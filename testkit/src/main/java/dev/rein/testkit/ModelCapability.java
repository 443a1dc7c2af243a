package dev.rein.testkit;

/** What not every provider's API has. The tests of {@link ModelContract} for those that a provider lacks are skipped. */
public enum ModelCapability {
    /** Images in the input. */
    IMAGES,
    /** Images that the provider loads from an http(s) address. */
    IMAGE_URLS,
    /** The text of the model's reasoning. */
    REASONING,
    /** The number of tokens of the reasoning. */
    REASONING_TOKENS,
    /** The number of tokens that were read from the provider's cache. */
    CACHED_TOKENS,
    /** Data that the provider wants back with a message. */
    PROVIDER_DATA,
    /** Ids of tool calls that are the provider's own and return to it. */
    TOOL_CALL_IDS,
    /** A schema for the answer. */
    OUTPUT_SCHEMA,
    /** Whether the model may call tools, and which one it must. */
    TOOL_CHOICE,
    /** Only one tool call in a response. */
    PARALLEL_TOOL_CALLS,
    TEMPERATURE,
    TOP_P,
    SEED,
    /** Texts at which the response ends. */
    STOP,
    /** A limit for the tokens of one response. */
    MAX_OUTPUT_TOKENS,
    /** The effort of reasoning by name. */
    REASONING_EFFORT,
    /** Further members of the request's body. */
    EXTRA,
    /** A finish reason for answers that the provider withholds. */
    CONTENT_FILTER,
    /** A code or type of errors in mid-stream, by which they differ. */
    ERROR_CODES
}
