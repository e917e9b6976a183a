package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.admin.AclUser;
import dev.hark.admin.Role;
import dev.hark.error.NotPublishedException;
import dev.hark.error.UnavailableException;
import dev.hark.testing.Users;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said to a program whose user may not do what it asks for. */
class LeastPrivilegeTest extends OnRedis {

    private Hark as(Role role) {
        return Hark.connect(Users.url(redis.get(), role, "hark"));
    }

    @Test
    void whoMayNotPublishIsToldWhatIsMissing() {
        try (Hark reader = as(Role.READER)) {
            assertThatThrownBy(() -> reader.queue("mail", String.class).publish("hi"))
                    .isInstanceOf(NotPublishedException.class)
                    .hasMessageContainingAll("queue mail", "publish.lua", "'hark acl publisher'", "no duplicate");
        }
        assertThat(info().published()).isZero();
    }

    @Test
    void whoMayNotListenIsToldSoAtTheStart() {
        try (Hark publisher = as(Role.PUBLISHER)) {
            assertThatThrownBy(() -> publisher
                            .listener()
                            .handle(publisher.queue("mail", String.class), body -> {})
                            .start())
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContainingAll("mail", "open.lua", "'hark acl worker'");
        }
    }

    @Test
    void whoMayNotLookOrMendIsToldSo() {
        try (Hark publisher = as(Role.PUBLISHER);
                Hark worker = as(Role.WORKER)) {
            assertThatThrownBy(() -> publisher.inspector().queue("mail").info())
                    .hasMessageContainingAll("info.lua", "'hark acl reader'");
            assertThatThrownBy(() -> publisher.inspector().queueNames())
                    .hasMessageContainingAll("smembers", "'hark acl' prints those of each role");
            assertThatThrownBy(() -> worker.inspector().queue("mail").delete()).hasMessageContaining("unlink");
        }
    }

    @Test
    void whoMayNotReadWhatItWouldDropIsRefusedWhenTheQueueIsFull() {
        hark.queue("mail", String.class, q -> q.maxLength(2).overflow(Overflow.DROP_OLDEST));
        String name = "careful-publisher";
        List<Object> words =
                new ArrayList<>(List.of(Hark.aclLine(AclUser.of(Role.PUBLISHER)).split(" ")));
        words.set(0, "SETUSER");
        words.set(1, name);
        words.add(">secret");
        redis.stranger().call("ACL", words.toArray());
        try (Hark careful = Hark.connect(redis.url().replaceFirst("//.*@", "//" + name + ":secret@"))) {
            MessageQueue<String> queue = careful.queue("mail", String.class);
            queue.publish("a");
            queue.publish("b");

            assertThatThrownBy(() -> queue.publish("c"))
                    .isInstanceOf(NotPublishedException.class)
                    .hasMessageContainingAll("publish.lua", "'hark acl publisher'");

            assertThat(info().published()).isEqualTo(2);
            assertThat(info().waiting()).isEqualTo(2);
        }
        mail.publish("d");
        assertThat(info().dropped()).isEqualTo(1);
    }

    @Test
    void badUsersAreRefusedWithTheirValue() {
        assertThatThrownBy(() -> AclUser.of(Role.READER).prefix("a*")).hasMessageContaining("a*");
        assertThatThrownBy(() -> AclUser.of(Role.READER).channel("a b")).hasMessageContaining("a b");
        assertThatThrownBy(() -> AclUser.of(Role.WORKER).dropOldest(true)).hasMessageContaining("anyway");
    }
}
