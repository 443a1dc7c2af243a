package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.tool.Param;
import java.util.List;

/** Has the model answer with a Java record instead of text. */
public final class TypedAnswer {
    private TypedAnswer() {}

    /** What the model is asked for; its JSON schema comes from its components. */
    public record Story(
            String title,
            @Param("Everybody who appears") List<String> characters,
            @Param("At least one sentence") String plot) {}

    public static void main(String... args) {
        var author = Agent.of(ExampleModel.of(args), "You invent stories.");
        var story = author.run("A dragon learns to code.", Story.class).value();
        System.out.println("Title: " + story.title());
        story.characters().forEach(name -> System.out.println("- " + name));
        System.out.println(story.plot());
    }
}
