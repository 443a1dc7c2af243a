package dev.rein.examples.spring;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunSelector;
import dev.rein.runtime.Runs;
import dev.rein.spring.Sse;
import java.security.Principal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The clerk for customers: an answer, a stream, and a stop. */
@RestController
public class ClerkController {

    /** What a sentence of a customer is. */
    public sealed interface Wish {}

    /** A customer wants to know where an order is. */
    public record Track(String number) implements Wish {}

    /** A customer complains. */
    public record Complaint(String about, int severity) implements Wish {}

    private final Agent clerk;
    private final Runs runs;

    ClerkController(Agent clerk, Runs runs) {
        this.clerk = clerk;
        this.runs = runs;
    }

    private static RunOptions of(Principal customer) {
        return RunOptions.defaults().userId(customer.getName()).sessionId("chat-of-" + customer.getName());
    }

    /** An answer at once. */
    @GetMapping("/ask")
    String ask(@RequestParam("q") String question, Principal customer) {
        return clerk.run(question, of(customer)).orThrow().text();
    }

    /** An answer while it is written. It is stopped when the browser leaves. */
    @GetMapping("/stream")
    SseEmitter stream(@RequestParam("q") String question, Principal customer) {
        return Sse.of(clerk.stream(question, of(customer)));
    }

    /** What a customer wants, as an object. */
    @GetMapping("/wish")
    Wish wish(@RequestParam("q") String sentence, Principal customer) {
        return clerk.run(sentence, Wish.class, of(customer)).value();
    }

    /** Stops a run of the customer from anywhere. */
    @PostMapping("/runs/{id}/cancel")
    String cancel(@PathVariable("id") String id, Principal customer) {
        var request = CancelRequest.now().actor(customer.getName());
        return runs.cancel(id, request, RunSelector.all().user(customer.getName()))
                .outcome()
                .name();
    }
}
