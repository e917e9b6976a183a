package dev.hark.internal.engine;

/**
 * Where messages are kept: the one seam between the engine and Redis. Each method is one atomic transition of one queue
 * and may block on the network; each is harmless when repeated. All of them throw {@link StoreException}, whose kind
 * says whether the transition happened.
 *
 * <p>Times are the store's own: callers pass and get lengths of time, never points in time of their own clock, but for
 * the due time of {@link Publication#due}.
 */
public interface Store extends PublishStore, ListenStore, InspectStore, ChannelStore, AutoCloseable {

    @Override
    void close();
}
