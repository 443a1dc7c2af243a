package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rein.agent.Agent;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RetryPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A failed run is logged, also when its caller never looks at its status. */
class FailedRunLogTest {

    private static final class FailingModel implements Model {
        @Override
        public String id() {
            return "failing";
        }

        @Override
        public String provider() {
            return "test";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            throw new ModelException(ModelException.Kind.AUTHENTICATION, "401: the key is\nnot known");
        }
    }

    private static List<String> warnings(Runnable action) {
        var logger = (Logger) LoggerFactory.getLogger("dev.rein");
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(appender);
        try {
            action.run();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void oneLineNamesTheRunTheComponentAndTheReason() {
        var agent = Agent.builder()
                .id("clerk")
                .model(new FailingModel())
                .retry(RetryPolicy.NONE)
                .build();

        var warnings = warnings(() -> {
            var output = agent.run("Hi");
            assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        });

        assertThat(warnings)
                .singleElement()
                .asString()
                .matches("run \\S+ of agent \"clerk\" failed: ModelException: 401: the key is not known");
    }
}
