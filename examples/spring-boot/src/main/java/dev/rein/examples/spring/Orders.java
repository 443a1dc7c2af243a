package dev.rein.examples.spring;

import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import java.util.Map;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Tools of the agent. They act for the customer who asks. */
@Component
public class Orders {
    private static final Map<String, String> OWNERS = Map.of("A-17", "ann", "B-4", "bob");

    /** Tells where an order is, to its customer only. */
    @Tool("Where an order is")
    public String whereIs(@Param("the number of the order") String number) {
        var customer = SecurityContextHolder.getContext().getAuthentication().getName();
        return customer.equals(OWNERS.get(number))
                ? "Order " + number + " of " + customer + " is on its way."
                : customer + " has no order " + number + ".";
    }
}
