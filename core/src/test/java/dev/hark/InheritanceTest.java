package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Hark's threads have of the one that started a listener, subscribed, or published: nothing. */
class InheritanceTest extends OnBothStores {

    private static final InheritableThreadLocal<String> REQUEST = new InheritableThreadLocal<>();
    private static final ClassLoader OURS = InheritanceTest.class.getClassLoader();

    /** What a thread sees. */
    private record Seen(String request, ClassLoader loader) {
        static Seen now() {
            return new Seen(REQUEST.get(), Thread.currentThread().getContextClassLoader());
        }
    }

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader gone = new URLClassLoader("gone soon", new URL[0], OURS);

    @BeforeEach
    void serveARequest() {
        REQUEST.set("of this request");
        Thread.currentThread().setContextClassLoader(gone);
    }

    @AfterEach
    void serveNoneAnyMore() {
        REQUEST.remove();
        Thread.currentThread().setContextClassLoader(before);
    }

    private Seen next() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handlersHaveNothingOfWhoeverStartedTheListener(boolean platformThreads) throws Exception {
        MessageQueue<String> other = hark.queue("other", String.class);
        hark.listener()
                .platformThreads(platformThreads)
                .handle(mail, body -> seen.add(Seen.now()))
                .handleMessage(other, message -> {
                    seen.add(Seen.now());
                    return Outcome.done();
                })
                .start();

        mail.publish("one");
        assertThat(next()).isEqualTo(new Seen(null, OURS));
        other.publish("two");
        assertThat(next()).isEqualTo(new Seen(null, OURS));
    }

    @Test
    void handlersOfChannelsHaveNothingOfWhoeverSubscribed() throws Exception {
        Channel<String> news = hark.channel("news", String.class);
        news.subscribe(body -> seen.add(Seen.now()));
        news.publish("one");
        assertThat(next()).isEqualTo(new Seen(null, OURS));

        hark.channels("pattern.*", String.class, (channel, body) -> seen.add(Seen.now()));
        hark.channel("pattern.1", String.class).publish("two");
        assertThat(next()).isEqualTo(new Seen(null, OURS));
    }

    @Test
    void aHandlerSeesTheLoaderOfItsOwnClassWhateverTheLastOneOnItsThreadHasLeft() throws Exception {
        ClassLoader plugin = new URLClassLoader("plugin", new URL[0], OURS);
        @SuppressWarnings("unchecked") // a class of the plugin's
        Handler<String> handler = (Handler<String>)
                Proxy.newProxyInstance(plugin, new Class<?>[] {Handler.class}, (proxy, method, args) -> {
                    seen.add(Seen.now());
                    Thread.currentThread().setContextClassLoader(gone);
                    return null;
                });
        hark.listener()
                .platformThreads(true)
                .concurrency(1)
                .handle(mail, handler)
                .start();

        mail.publish("one");
        mail.publish("two");
        assertThat(next()).isEqualTo(new Seen(null, plugin));
        assertThat(next()).isEqualTo(new Seen(null, plugin));
    }

    @Test
    void noThreadOfHarkKeepsTheLoaderOfWhoeverMadeIt() throws Exception {
        hark.listener().handle(mail, body -> seen.add(Seen.now())).start();
        hark.channel("news", String.class).subscribe(body -> {});
        mail.publishAsync("one").join();
        next();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("hark"))
                .isNotEmpty()
                .extracting(Thread::getContextClassLoader)
                .doesNotContain(gone);
    }
}
