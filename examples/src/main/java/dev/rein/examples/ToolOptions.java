package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.tool.StopRunException;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolRetryException;
import dev.rein.tool.Toolkit;
import dev.rein.tools.file.FileTools;
import java.io.IOException;
import java.nio.file.Files;

/** Options of tools: a cache, retries, a result that is the answer, a selection of files, and an agent as a tool. Needs no server. */
public final class ToolOptions {
    private ToolOptions() {}

    /** Tools of a shop. */
    public static final class Shop {
        @Tool(value = "The price of an article in euros", cacheSeconds = 60, repeatable = true)
        public double price(String article) {
            if (article.isBlank()) {
                throw new ToolRetryException("Ask which article is meant.");
            }
            return 4.5;
        }

        @Tool(value = "Prints the invoice", returnDirect = true)
        public String invoice(String article) {
            if (article.equals("sold out")) {
                throw new StopRunException("There is nothing to pay.");
            }
            return "Invoice: 1 " + article + ", " + price(article) + " EUR";
        }
    }

    public static void main(String... args) throws IOException {
        var clerk = Agent.builder()
                .name("Clerk")
                .model(ExampleModel.thatCalls("invoice", "{\"article\": \"lamp\"}"))
                .tools(new Shop())
                .build();
        System.out.println(clerk.run("The invoice for a lamp, please.").text());

        var root = Files.createTempDirectory("notes");
        Files.writeString(root.resolve("today.txt"), "Buy a lamp.\n");
        var reader = Agent.builder()
                .name("Reader")
                .model(ExampleModel.thatCalls("notes_read_file", "{\"path\": \"today.txt\"}"))
                .tools(Toolkit.of(FileTools.of(root)).include("read_file").prefix("notes_"))
                .build();
        var chief = Agent.builder()
                .name("Chief")
                .model(ExampleModel.thatCalls("reader", "{\"input\": \"What is there to do?\"}"))
                .tools(reader.asTool())
                .build();
        System.out.println(chief.run("What is there to do today?").text());
    }
}
