package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.InvalidInputException;
import org.junit.jupiter.api.Test;

/** Settings as values. */
class QueueSettingsTest {

    private static final QueueSettings THREE = QueueSettings.NONE.maxLength(3);

    @Test
    void aSettingIsReadAsItIsWritten() {
        QueueSettings all = THREE.overflow(Overflow.DROP_OLDEST)
                .durability(Durability.replicated(2))
                .strict(true);
        QueueSettings read = QueueSettings.NONE;
        for (Setting<?> setting : Setting.ALL) {
            assertThat(all.text(setting)).isNotEqualTo(QueueSettings.NONE.text(setting));
            read = read.withText(setting, all.text(setting));
        }

        assertThat(read).isEqualTo(all).hasSameHashCodeAs(all);
        assertThat(all)
                .hasToString("QueueSettings[maxLength=3, overflow=drop_oldest, durability=replicated(2), strict=true]");
    }

    @Test
    void whatIsSetToItsDefaultIsNamedAndEqual() {
        QueueSettings back = THREE.maxLength(0);

        assertThat(back).isEqualTo(QueueSettings.NONE).hasToString("QueueSettings[]");
        assertThat(back.named()).containsExactly(Setting.MAX_LENGTH);
        assertThat(back.unnamed().named()).isEmpty();
    }

    @Test
    void everySettingRefusesWhatItCannotBe() {
        for (Setting<?> setting : Setting.ALL) {
            assertThatThrownBy(() -> THREE.withText(setting, "no\nsuch\nvalue"))
                    .as(setting.name())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("no?such?value");
            assertThat(setting.description()).isNotEmpty();
        }
    }
}
