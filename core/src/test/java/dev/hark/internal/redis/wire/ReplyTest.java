package dev.hark.internal.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.redis.scripts.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {

    @Test
    void eachValueHasTheNameThatTheHeadGivesIt() {
        Reply reply = new Reply(Script.TAKEOVER, List.of(3L, 1L));

        assertThat(reply.number("moved")).isEqualTo(3);
        assertThat(reply.is("more")).isTrue();
    }

    @Test
    void aNameThatTheHeadDoesNotHaveIsRefused() {
        Reply reply = new Reply(Script.TAKEOVER, List.of(3L, 1L));

        assertThatThrownBy(() -> reply.get("most")).hasMessage("the head of takeover.lua names no 'most'");
    }

    @Test
    void aListThatIsNotAsLongAsTheHeadSaysIsRefused() {
        assertThatThrownBy(() -> new Reply(Script.TAKEOVER, List.of(3L)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("takeover.lua returned 1 values, its head names [moved, more]");
    }
}
