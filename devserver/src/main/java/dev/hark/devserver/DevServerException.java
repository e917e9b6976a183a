package dev.hark.devserver;

import org.jspecify.annotations.Nullable;

/** A redis-server could not be found, started or stopped. The message says what happened and what to do about it. */
public final class DevServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DevServerException(String message) {
        super(message);
    }

    DevServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
