package dev.rein.openai;

import dev.rein.model.ToolCallIds;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server that offers OpenAI's API expects of requests, where servers differ. {@link Servers} has those of well-known servers; for
 * others, change what differs. Immutable.
 *
 * {@snippet :
 * var gateway = Servers.COMPATIBLE.toBuilder().name("Gateway").streamOptions(false).build();
 * var model = OpenAIChat.builder().id("qwen3").baseUrl("https://gateway.example.com/v1").server(gateway).build();
 * }
 */
public final class ServerSettings {

    private final String name;
    private final String maxTokensField;
    private final String seedField;
    private final boolean streamOptions;
    private final StructuredOutput structuredOutput;
    private final boolean structuredOutputWithTools;
    private final ToolCallIds toolCallIds;
    private final Set<String> returnedMembers;
    private final @Nullable ThinkTags thinkTags;
    private final Map<String, String> query;
    private final String keyHeader;
    private final boolean deployments;

    private ServerSettings(Builder builder) {
        name = builder.name;
        maxTokensField = builder.maxTokensField;
        seedField = builder.seedField;
        streamOptions = builder.streamOptions;
        structuredOutput = builder.structuredOutput;
        structuredOutputWithTools = builder.structuredOutputWithTools;
        toolCallIds = builder.toolCallIds;
        returnedMembers = Set.copyOf(builder.returnedMembers);
        thinkTags = builder.thinkTags;
        query = Map.copyOf(builder.query);
        keyHeader = builder.keyHeader;
        deployments = builder.deployments;
    }

    /** A builder with the settings of {@link Servers#COMPATIBLE}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these settings. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.name = name;
        builder.maxTokensField = maxTokensField;
        builder.seedField = seedField;
        builder.streamOptions = streamOptions;
        builder.structuredOutput = structuredOutput;
        builder.structuredOutputWithTools = structuredOutputWithTools;
        builder.toolCallIds = toolCallIds;
        builder.returnedMembers.clear();
        builder.returnedMembers.addAll(returnedMembers);
        builder.thinkTags = thinkTags;
        builder.query.putAll(query);
        builder.keyHeader = keyHeader;
        builder.deployments = deployments;
        return builder;
    }

    /** The name of the server, for people. */
    public String name() {
        return name;
    }

    /** The member of the body with the maximum number of tokens. Of the chat completions API. */
    public String maxTokensField() {
        return maxTokensField;
    }

    /** The member of the body with the seed. Of the chat completions API. */
    public String seedField() {
        return seedField;
    }

    /** Whether {@code stream_options} is sent, which asks for the usage. Of the chat completions API. */
    public boolean streamOptions() {
        return streamOptions;
    }

    /** How an answer that matches a schema is asked for. */
    public StructuredOutput structuredOutput() {
        return structuredOutput;
    }

    /**
     * Whether a request with tools may ask for {@code response_format}. If not, such requests ask by the system message: there are
     * servers that refuse both together, and servers whose models then call no tools.
     */
    public boolean structuredOutputWithTools() {
        return structuredOutputWithTools;
    }

    /** The form of the ids of tool calls. */
    public ToolCallIds toolCallIds() {
        return toolCallIds;
    }

    /**
     * The members of an assistant's message or a tool call that the server wants back, such as {@code reasoning_content}. Text of the
     * reasoning goes back only with a message that calls tools, where the model continues to think.
     */
    public Set<String> returnedMembers() {
        return returnedMembers;
    }

    /** The tags around reasoning in the text; null for none. */
    public @Nullable ThinkTags thinkTags() {
        return thinkTags;
    }

    /** Parameters of the query of each request, unless the base URL has one of that name. */
    public Map<String, String> query() {
        return query;
    }

    /** The header with the API key; its value has the prefix {@code Bearer} if this is {@code Authorization}. */
    public String keyHeader() {
        return keyHeader;
    }

    /** Whether requests go to {@code openai/deployments/MODEL/..} below the base URL, unless that contains {@code openai/} already. */
    public boolean deployments() {
        return deployments;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerSettings settings && values().equals(settings.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<Object> values() {
        return List.of(
                name,
                maxTokensField,
                seedField,
                streamOptions,
                structuredOutput,
                structuredOutputWithTools,
                toolCallIds,
                returnedMembers,
                Objects.requireNonNullElse(thinkTags, ""),
                query,
                keyHeader,
                deployments);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }

    /** Builds {@link ServerSettings}. Not thread-safe. */
    public static final class Builder {
        private String name = "OpenAI-compatible";
        private String maxTokensField = "max_tokens";
        private String seedField = "seed";
        private boolean streamOptions = true;
        private StructuredOutput structuredOutput = StructuredOutput.SCHEMA;
        private boolean structuredOutputWithTools = true;
        private ToolCallIds toolCallIds = ToolCallIds.UP_TO_40;
        // Signed data, which a server sends only if it wants it back.
        private final Set<String> returnedMembers = new LinkedHashSet<>(
                List.of("extra_content", "provider_specific_fields", "reasoning_details", "thinking_blocks"));
        private @Nullable ThinkTags thinkTags;
        private final Map<String, String> query = new LinkedHashMap<>();
        private String keyHeader = "Authorization";
        private boolean deployments;

        private Builder() {}

        /** @see ServerSettings#name() */
        public Builder name(String newName) {
            name = required(newName, "name");
            return this;
        }

        /** @see ServerSettings#maxTokensField() */
        public Builder maxTokensField(String field) {
            maxTokensField = required(field, "maxTokensField");
            return this;
        }

        /** @see ServerSettings#seedField() */
        public Builder seedField(String field) {
            seedField = required(field, "seedField");
            return this;
        }

        /** @see ServerSettings#streamOptions() */
        public Builder streamOptions(boolean sent) {
            streamOptions = sent;
            return this;
        }

        /** @see ServerSettings#structuredOutput() */
        public Builder structuredOutput(StructuredOutput how) {
            structuredOutput = Objects.requireNonNull(how, "how");
            return this;
        }

        /** @see ServerSettings#structuredOutputWithTools() */
        public Builder structuredOutputWithTools(boolean together) {
            structuredOutputWithTools = together;
            return this;
        }

        /** @see ServerSettings#toolCallIds() */
        public Builder toolCallIds(ToolCallIds form) {
            toolCallIds = Objects.requireNonNull(form, "form");
            return this;
        }

        /** Replaces the members that go back; none are given for nothing. See {@link ServerSettings#returnedMembers()}. */
        public Builder returnedMembers(String... names) {
            returnedMembers.clear();
            returnedMembers.addAll(List.of(names));
            return this;
        }

        /** @see ServerSettings#thinkTags() */
        public Builder thinkTags(@Nullable ThinkTags tags) {
            thinkTags = tags;
            return this;
        }

        /** Adds a parameter. See {@link ServerSettings#query()}. */
        public Builder query(String parameter, String value) {
            query.put(required(parameter, "parameter"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** @see ServerSettings#keyHeader() */
        public Builder keyHeader(String header) {
            keyHeader = required(header, "keyHeader");
            return this;
        }

        /** @see ServerSettings#deployments() */
        public Builder deployments(boolean inPath) {
            deployments = inPath;
            return this;
        }

        public ServerSettings build() {
            return new ServerSettings(this);
        }

        private static String required(String value, String what) {
            if (value.isBlank()) {
                throw new IllegalArgumentException(what + " is blank");
            }
            return value;
        }
    }
}
