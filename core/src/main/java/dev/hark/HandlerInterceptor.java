package dev.hark;

/**
 * Runs around each attempt to handle a message, on the thread of the handler: for tracing, logging context, metrics,
 * transactions, and whatever else is not the business of one handler. Given to {@link HarkBuilder#interceptor} or
 * {@link ListenerBuilder#interceptor}; those of the Hark are outside those of the listener, and of each the first that was
 * added is the outermost.
 *
 * <p>It sees messages whose body was read. What it returns is what becomes of the message, and what it throws fails the
 * attempt, as if the handler had done so; so it may turn one into the other, or call no handler at all.
 *
 * <pre>{@code
 * Hark hark = Hark.builder().interceptor((message, invocation) -> {
 *   MDC.put("message", message.id());
 *   try {
 *     return invocation.proceed();
 *   } finally {
 *     MDC.remove("message");
 *   }
 * }).build();
 * }</pre>
 */
@FunctionalInterface
public interface HandlerInterceptor {

    /**
     * Called instead of what it is around.
     *
     * @param message the message, its attempt already counted
     * @param invocation what it is around
     * @return what becomes of the message, never null
     * @throws Exception anything: the attempt failed
     */
    Outcome intercept(Message<?> message, Invocation invocation) throws Exception;

    /** What an interceptor is around: the next one, and at last the handler. */
    interface Invocation {

        /**
         * Goes on with the message; calling it twice handles it twice.
         *
         * @return what becomes of the message, never null
         * @throws Exception what was thrown inside: {@link ListenerBuilder#timeout} and closing come as interrupts
         */
        Outcome proceed() throws Exception;
    }
}
