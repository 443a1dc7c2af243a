package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.TypeRef;
import dev.rein.tool.Param;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;

/** A model answers with a list, whose elements are of one type or another: a {@link TypeRef}. Asks no server. */
public final class TypedList {
    private static final TypeRef<List<Event>> EVENTS = new TypeRef<>() {};

    private static final String ANSWER = """
            {"value": [
              {"type": "Battle", "place": "Castle Rock", "winner": "the dragon"},
              {"type": "Feast", "dishes": ["soup", "cake"]}
            ]}""";

    private TypedList() {}

    /** The model says which one it means in the property {@code type}. */
    public sealed interface Event {}

    public record Battle(String place, @Param("Who won it") String winner) implements Event {}

    public record Feast(List<String> dishes) implements Event {}

    public static void main(String... args) throws InterruptedException {
        var chronicler = Agent.of(ExampleModel.thatAnswers(ANSWER), "You list what happens in stories.");
        chronicler.run("A dragon takes a castle.", EVENTS).value().forEach(TypedList::print);

        // In the background, and as the last step of a workflow, which is asked for the type.
        var run = chronicler.start("A dragon takes a castle.", EVENTS);
        System.out.println(run.awaitTyped().value().size() + " events from " + run.status());

        var workflow = Workflow.builder().steps(Step.of("events", chronicler)).build();
        System.out.println(
                workflow.run("A dragon takes a castle.", EVENTS).value().getLast());
    }

    private static void print(Event event) {
        System.out.println(
                switch (event) {
                    case Battle battle -> "A battle at " + battle.place() + ", won by " + battle.winner();
                    case Feast feast -> "A feast with " + String.join(" and ", feast.dishes());
                });
    }
}
