package dev.rein.openai;

/** How a server is asked for an answer that matches a schema. */
public enum StructuredOutput {
    /** By {@code response_format} of type {@code json_schema}. */
    SCHEMA,
    /** By {@code response_format} of type {@code json_object}, and the schema in the system message. */
    OBJECT,
    /** By a tool that takes the answer as its arguments, for servers whose models follow tools better than formats. */
    TOOL,
    /** By the schema in the system message alone. */
    PROMPT
}
