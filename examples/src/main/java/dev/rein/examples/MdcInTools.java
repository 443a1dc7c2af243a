package dev.rein.examples;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.rein.agent.Agent;
import dev.rein.run.CallInterceptor;
import dev.rein.runtime.RunOptions;
import dev.rein.tool.Tool;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Log lines of a tool carry the ids of its run and session: an interceptor puts them into the MDC. Asks no model. */
public final class MdcInTools {
    private MdcInTools() {}

    /** Sets the MDC on the thread of each call, and removes it when the call returns. */
    static final class MdcInterceptor implements CallInterceptor {
        @Override
        public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
            try (var _ = MDC.putCloseable("run", call.context().runId());
                    var _ = MDC.putCloseable("session", call.context().sessionId())) {
                return code.call();
            }
        }
    }

    /** A tool that logs and knows nothing of runs. */
    public static final class OrderTools {
        @Tool("Looks an order up")
        public String order(String id) {
            LoggerFactory.getLogger(OrderTools.class).info("looking order {} up", id);
            return "order " + id + " was shipped";
        }
    }

    public static void main(String... args) throws JoranException {
        configureLogback();
        var agent = Agent.builder()
                .name("Help Desk")
                .model(ExampleModel.thatCalls("order", "{\"id\": \"A-17\"}"))
                .tools(new OrderTools())
                .interceptor(new MdcInterceptor())
                .build();

        var options = RunOptions.defaults().runId("run-1").sessionId("session-1");
        System.out.println(Outcome.of(agent.run("Where is order A-17?", options)));
    }

    /** An application would have this in its logback.xml. */
    private static void configureLogback() throws JoranException {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(MdcInTools.class.getResource("logback-mdc.xml"));
    }
}
