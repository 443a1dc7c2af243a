package dev.rein.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.rein.model.Model;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes failures of LangChain4j's exceptions. Stateless. */
final class Failures {
    private static final int MAX_CAUSES = 20;
    private static final int MAX_MESSAGE = 2_000;

    private Failures() {}

    /** The failure; the exception itself if it is no failure of the model, such as a defect of a program. */
    static RuntimeException of(RuntimeException exception, Model model) {
        var causes = causes(exception);
        for (var cause : causes) {
            if (cause instanceof HttpFailure failed) {
                return failed.failure();
            }
            if (cause instanceof ModelException failure) {
                return failure;
            }
        }
        var status = causes.stream()
                .filter(HttpException.class::isInstance)
                .mapToInt(cause -> ((HttpException) cause).statusCode())
                .findFirst()
                .orElse(0);
        for (var cause : causes) {
            var kind = kind(cause, status);
            if (kind != null) {
                return new ModelException(
                        kind, model + " has failed: " + cut(message(causes)), status, body(causes), null, exception);
            }
        }
        return exception;
    }

    private static List<Throwable> causes(Throwable exception) {
        var causes = new ArrayList<Throwable>();
        for (Throwable each = exception; each != null && causes.size() < MAX_CAUSES; each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    private static @Nullable Kind kind(Throwable exception, int status) {
        return switch (exception) {
            case HttpException http -> ModelException.kindOf(http.statusCode());
            case AuthenticationException _ -> status == 403 ? Kind.PERMISSION : Kind.AUTHENTICATION;
            case RateLimitException _ -> Kind.RATE_LIMIT;
            case ModelNotFoundException _ -> Kind.NOT_FOUND;
            case InternalServerException _ -> Kind.SERVER;
            case UnresolvedModelServerException _, TimeoutException _, UnresolvedAddressException _ -> Kind.CONNECTION;
            case InvalidRequestException _, UnsupportedFeatureException _, NonRetriableException _ -> Kind.BAD_REQUEST;
            case RetriableException _ -> Kind.SERVER;
            case JsonProcessingException _ -> Kind.MALFORMED;
            case IOException _, java.util.concurrent.TimeoutException _ -> Kind.CONNECTION;
            case CompletionException _ -> null;
            default -> ofUnknown(exception);
        };
    }

    /** LangChain4j reports some failures of servers as plain exceptions, such as an error in mid-stream. */
    private static @Nullable Kind ofUnknown(Throwable exception) {
        var type = exception.getClass();
        return exception.getCause() == null && (type == RuntimeException.class || type == LangChain4jException.class)
                ? Kind.SERVER
                : null;
    }

    private static String message(List<Throwable> causes) {
        return causes.stream()
                .filter(cause -> !(cause instanceof CompletionException) && !(cause instanceof ExecutionException))
                .map(Throwable::getMessage)
                .filter(text -> text != null && !text.isBlank())
                .findFirst()
                .orElseGet(() -> causes.getLast().getClass().getSimpleName());
    }

    private static @Nullable String body(List<Throwable> causes) {
        return causes.stream()
                .filter(HttpException.class::isInstance)
                .map(cause -> cut(String.valueOf(cause.getMessage())))
                .findFirst()
                .orElse(null);
    }

    private static String cut(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
    }
}
