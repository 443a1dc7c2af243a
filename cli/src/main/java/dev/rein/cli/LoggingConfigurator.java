package dev.rein.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.rein.text.PlainText;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Logs warnings and errors to standard error, one line each, without control characters. Written in Java because parsing Logback's XML takes as
 * long as a whole short command.
 */
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {
    private static final int MAX_CAUSES = 20;

    /**
     * One line for an event and one for each of its exceptions, the root cause first. Messages may have line breaks, with which others could
     * forge lines, and escape sequences.
     */
    private static final class OneLine extends LayoutBase<ILoggingEvent> {
        private final PatternLayout start = new PatternLayout();

        @Override
        public void start() {
            start.setContext(getContext());
            start.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{20} - %nopex");
            start.start();
            super.start();
        }

        @Override
        public String doLayout(ILoggingEvent event) {
            var text = new StringBuilder(start.doLayout(event))
                    .append(PlainText.line(event.getFormattedMessage()))
                    .append(CoreConstants.LINE_SEPARATOR);
            var exceptions = new ArrayDeque<IThrowableProxy>();
            for (@Nullable IThrowableProxy each = event.getThrowableProxy();
                    each != null && exceptions.size() < MAX_CAUSES;
                    each = each.getCause()) {
                exceptions.push(each);
            }
            for (var each : exceptions) {
                text.append("  ").append(each.getClassName());
                if (each.getMessage() != null) {
                    text.append(": ").append(PlainText.line(each.getMessage()));
                }
                var frames = each.getStackTraceElementProxyArray();
                if (frames != null && frames.length > 0) {
                    text.append(' ').append(frames[0].getSTEAsString());
                }
                text.append(CoreConstants.LINE_SEPARATOR);
            }
            return text.toString();
        }
    }

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
        var layout = new OneLine();
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
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
