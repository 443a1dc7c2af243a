package dev.rein.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Logs warnings and errors to standard error, one line each. Written in Java because parsing Logback's XML takes as
 * long as a whole short command.
 */
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {
    /** Performs an action while one logger is silent, because the caller reports the outcome. */
    public static <T> T without(String logger, Supplier<T> action) {
        if (!(LoggerFactory.getLogger(logger) instanceof Logger quiet)) {
            return action.get();
        }
        quiet.setLevel(Level.OFF);
        try {
            return action.get();
        } finally {
            quiet.setLevel(null);
        }
    }

    /** Enables a logger at level INFO. */
    public static void show(String logger) {
        if (LoggerFactory.getLogger(logger) instanceof Logger shown) {
            shown.setLevel(Level.INFO);
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{20} - %msg%n%rEx{short}");
        encoder.start();

        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();

        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
