package dev.rein.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.rein.model.ModelException;

/**
 * An error status, in the form that LangChain4j recognises. The failure that Rein makes of it is no cause, because LangChain4j looks at
 * the last cause only.
 */
final class HttpFailure extends HttpException {
    private static final long serialVersionUID = 1L;

    private final transient ModelException failure;

    HttpFailure(ModelException failure) {
        super(failure.status(), failure.body() == null ? String.valueOf(failure.getMessage()) : failure.body());
        this.failure = failure;
    }

    ModelException failure() {
        return failure;
    }
}
