package dev.hark.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that Hark throws. Each leaf tells one of these apart: the work is certainly not done, it is
 * unknown whether it is done, it is done but not as safely as asked, or it can never be done as asked.
 */
public abstract sealed class HarkException extends RuntimeException
        permits InvalidInputException,
                BodyTooLargeException,
                WrongTypeException,
                NewerLayoutException,
                UnavailableException,
                UnsafeServerException,
                NotPublishedException,
                QueueFullException,
                PublishUnknownException,
                NotDurableException,
                ClosedException {

    private static final long serialVersionUID = 1L;

    HarkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
