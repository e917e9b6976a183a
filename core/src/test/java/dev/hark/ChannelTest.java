package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.InvalidInputException;
import dev.hark.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Plain channels: whoever listens now hears. */
class ChannelTest extends OnBothStores {

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        return heard.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void whoListensHears() throws Exception {
        Channel<String> news = hark.channel("news", String.class);
        news.subscribe(heard::add);
        hark.channel("other", String.class).subscribe(body -> heard.add("other " + body));

        assertThat(news.publish("Hello, 世界!")).isEqualTo(1);

        assertThat(next()).isEqualTo("Hello, 世界!");
        assertThat(heard).isEmpty();
    }

    @Test
    void nobodyHearsWhatWasSaidBefore() throws Exception {
        Channel<String> news = hark.channel("news", String.class);
        assertThat(news.publish("before")).isZero();

        news.subscribe(heard::add);
        news.publish("after");

        assertThat(next()).isEqualTo("after");
    }

    @Test
    void severalHearTheSame() throws Exception {
        Channel<Email> news = hark.channel("news", Email.class);
        news.subscribe(email -> heard.add("a" + email.copies()));
        news.subscribe(email -> heard.add("b" + email.copies()));

        assertThat(news.publish(new Email("x", 1))).isEqualTo(2);

        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a1", "b1");
    }

    @Test
    void aPatternHearsAllThatMatch() throws Exception {
        hark.channels("news.*", String.class, (channel, body) -> heard.add(channel + " " + body));

        hark.channel("news.sport", String.class).publish("1");
        hark.channel("weather", String.class).publish("2");
        hark.channel("news.", String.class).publish("3");

        assertThat(next()).isEqualTo("news.sport 1");
        assertThat(next()).isEqualTo("news. 3");
        assertThat(heard).isEmpty();
    }

    @Test
    void aHandlerThatThrowsHearsTheNext() throws Exception {
        Channel<String> news = hark.channel("news", String.class);
        news.subscribe(body -> {
            if (body.equals("bad")) {
                throw new StackOverflowError("too bad");
            }
            heard.add(body);
        });

        news.publish("bad");
        news.publish("good");

        assertThat(next()).isEqualTo("good");
        assertThat(events.of(Event.ChannelHandlerFailed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.channel()).isEqualTo("news");
            assertThat(failed.error()).hasMessage("too bad");
        });
    }

    @Test
    void whatCannotBeReadIsReportedAndTheNextIsHeard() throws Exception {
        hark.channel("news", Email.class).subscribe(email -> heard.add(email.to()));

        hark.channel("news", String.class).publish("no JSON");
        hark.channel("news", Email.class).publish(new Email("me", 1));

        assertThat(next()).isEqualTo("me");
        assertThat(events.of(Event.ChannelHandlerFailed.class)).hasSize(1);
    }

    @Test
    void manyAreHeardInTheirOrder() throws Exception {
        Channel<String> news = hark.channel("news", String.class);
        news.subscribe(heard::add);

        for (String body : bodies(10_000)) {
            news.publish(body);
        }

        List<String> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(next());
        }
        assertThat(all).isEqualTo(bodies(10_000));
    }

    @Test
    void whoHasClosedHearsNoMore() {
        Channel<String> news = hark.channel("news", String.class);
        Listener listener = news.subscribe(heard::add);

        listener.close();

        patiently().until(() -> news.publish("anybody?") == 0);
        assertThat(events.all()).isEmpty();
    }

    @Test
    void anEmptyNameIsRefused() {
        assertThatThrownBy(() -> hark.channel("", String.class)).isInstanceOf(InvalidInputException.class);
    }
}
