package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.bodies;
import static org.assertj.core.api.Assertions.assertThat;
import static redis.clients.jedis.Protocol.Command;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ClaimContract;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The second group, in which those wait who claim nothing meanwhile: of each message one is told. */
interface RedisWaitContract extends RedisContract, ClaimContract {

    private void settleDown(ClaimSource source, String session) {
        source.await(Duration.ofMillis(5));
        assertThat(source.claim(session, 1, Duration.ZERO)).isEmpty();
    }

    private List<Object> group(QueueDriver queue, String name) {
        return Link.list(rig().call(Command.XINFO, "GROUPS", keys().ready(queue.address()))).stream()
                .map(Link::list)
                .filter(group -> Link.text(group.get(1)).equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    default void ofOneMessageOneIsTold() throws Exception {
        QueueDriver queue = queue().open("a", "b");
        try (ClaimSource first = store().claims(List.of(queue.address()));
                ClaimSource second = store().claims(List.of(queue.address()))) {
            settleDown(first, "a");
            CompletableFuture<Boolean> one = told(first);
            CompletableFuture<Boolean> two = told(second);

            queue.publish("x");
            CompletableFuture.anyOf(one, two).get(5, TimeUnit.SECONDS);
            queue.publish("y");

            assertThat(one.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(two.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    default void whoCannotClaimPassesItOn() throws Exception {
        QueueDriver one = queue().open("a", "b");
        QueueDriver two = queue("b").open("a", "b");
        List<Address> both = List.of(one.address(), two.address());
        try (ClaimSource first = store().claims(both);
                ClaimSource second = store().claims(both)) {
            settleDown(first, "a");
            one.publish("x");
            assertThat(first.await(LONG)).isTrue();
            CompletableFuture<Boolean> told = told(second);

            first.passOn();

            assertThat(told.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(bodies(second.claim("b", 5, Duration.ZERO))).containsExactly("x");
        }
    }

    /** Of several streams at once one may be told of a message each: of what it leaves, somebody else must hear. */
    @Test
    default void whoIsToldOfMoreThanItClaimsWakesAnother() throws Exception {
        QueueDriver one = queue().open("a", "b");
        QueueDriver two = queue("b").open("a", "b");
        List<Address> both = List.of(one.address(), two.address());
        try (ClaimSource first = store().claims(both);
                ClaimSource second = store().claims(both)) {
            settleDown(first, "a");
            one.publish("x");
            two.publish("y");
            assertThat(first.await(LONG)).isTrue();
            CompletableFuture<Boolean> told = told(second);

            List<Claimed> claimed = new ArrayList<>(first.claim("a", 1, Duration.ZERO));

            assertThat(told.get(5, TimeUnit.SECONDS)).isTrue();
            claimed.addAll(second.claim("b", 1, Duration.ZERO));
            assertThat(bodies(claimed)).containsExactlyInAnyOrder("x", "y");
        }
    }

    @Test
    default void whoeverWaitsDoesSoUnderOneName() {
        QueueDriver queue = queue().open("a", "b");
        for (String session : List.of("a", "b")) {
            try (ClaimSource source = store().claims(List.of(queue.address()))) {
                settleDown(source, session);
                queue.publish("x");
                source.await(LONG);
                queue.done(session, source.claim(session, 1, Duration.ZERO));
            }
        }

        List<Object> waiting = group(queue, "wait");
        assertThat(Link.number(waiting.get(3))).as("consumers").isEqualTo(1);
        assertThat(Link.number(waiting.get(5))).as("pending").isZero();
    }

    @Test
    default void aLostGroupOfThoseWhoWaitIsMadeAgain() throws Exception {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            settleDown(source, "s");
            rig().call(Command.XGROUP, "DESTROY", keys().ready(queue.address()), "wait");

            assertThat(source.await(Duration.ofMillis(5)))
                    .as("it looks what is there")
                    .isTrue();
            assertThat(source.claim("s", 1, Duration.ZERO)).isEmpty();

            CompletableFuture<Boolean> told = told(source);
            queue.publish("x");
            assertThat(told.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** What waits there is nobody's: it holds nothing up, and nothing is counted for it. */
    @Test
    default void whatIsTrimmedDoesNotWaitForIt() {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            settleDown(source, "s");
        }
        queue.publish("a", "b", "c");
        queue.done("s", queue.claimAll("s"));

        queue.sweep("s");

        assertThat(length(queue)).isZero();
        assertThat(queue.info().waiting()).isZero();
    }
}
