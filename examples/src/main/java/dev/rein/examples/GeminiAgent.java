package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.gemini.Gemini;
import dev.rein.model.Image;
import dev.rein.run.RunInput;
import dev.rein.runtime.RunOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A model of Google Gemini, which looks at a picture and answers with a record. */
public final class GeminiAgent {
    private static final String RED_DOT =
            "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==";

    private GeminiAgent() {}

    /** What the model sees. */
    public record Picture(String motif, String colour) {}

    /** The first argument is the model, the second one a PNG file; the key is that in {@code GEMINI_API_KEY}. */
    public static void main(String... args) throws IOException {
        var model = Gemini.builder()
                .id(args.length > 0 ? args[0] : "gemini-2.5-flash")
                .temperature(0.2)
                .build();
        var png = args.length > 1
                ? Files.readAllBytes(Path.of(args[1]))
                : Base64.getDecoder().decode(RED_DOT);
        var viewer = Agent.of(model, "Describe pictures in a few words.");

        var question = RunInput.of("What do you see?").image(Image.of(png, "image/png"));
        var answer = viewer.run(question, Picture.class, RunOptions.defaults());

        System.out.println(answer.value().colour() + " " + answer.value().motif());
        System.out.println(answer.output().metrics().usage().inputTokens() + " tokens of input");
    }
}
