package dev.rein.internal.pause;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.internal.schema.ArgumentReader;
import dev.rein.internal.schema.SchemaCheck;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import java.util.List;
import java.util.Map;

/** Whether a decision answers a requirement. */
public final class DecisionCheck {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ArgumentReader READER = new ArgumentReader(JSON);

    private DecisionCheck() {}

    /**
     * Checks decisions on requirements, each on that of the same place. Reads the values, which may call code of the user's: not to be
     * called under a lock.
     *
     * @throws IllegalArgumentException if a decision does not answer its requirement
     */
    public static void requireAnswers(List<Requirement> requirements, List<Decision> decisions) {
        for (var i = 0; i < decisions.size(); i++) {
            requireAnswers(requirements.get(i), decisions.get(i));
        }
    }

    /** @throws IllegalArgumentException if a decision does not answer a requirement */
    static void requireAnswers(Requirement requirement, Decision decision) {
        if (!decision.action().answers(requirement.kind())) {
            throw new IllegalArgumentException(decision.action() + " does not answer requirement " + requirement.id()
                    + ", which asks for " + requirement.kind());
        }
        var missing = requirement.fields().stream()
                .filter(field -> decision.action() == Decision.Action.INPUT
                        && requirement.schema() == null
                        && !decision.values().containsKey(field))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("requirement " + requirement.id() + " asks for " + requirement.fields()
                    + ", and " + missing + " is missing");
        }
        if (requirement.schema() != null && decision.action() == Decision.Action.INPUT) {
            var problems = SchemaCheck.problems(read(decision, requirement.schema()), requirement.schema());
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("the values for requirement " + requirement.id()
                        + " are not valid: value " + String.join("; value ", problems));
            }
        }
        if (decision.action() == Decision.Action.CHOOSE
                && (decision.choices().isEmpty() || !requirement.choices().containsAll(decision.choices()))) {
            throw new IllegalArgumentException("requirement " + requirement.id() + " chooses from "
                    + requirement.choices() + ", not " + decision.choices());
        }
    }

    /** A decision whose values have the types of the requirement's schema: people's forms may give a number as a text. */
    public static Decision typed(Requirement requirement, Decision decision) {
        var schema = requirement.schema();
        if (schema == null || decision.action() != Decision.Action.INPUT) {
            return decision;
        }
        var values = read(decision, schema);
        values.properties().removeIf(each -> each.getValue().isNull());
        return Decision.input(
                decision.requirementId(), JSON.convertValue(values, new TypeReference<Map<String, Object>>() {}));
    }

    private static ObjectNode read(Decision decision, JsonNode schema) {
        return READER.read(JSON.valueToTree(decision.values()), schema);
    }
}
