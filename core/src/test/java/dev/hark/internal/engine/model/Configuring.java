package dev.hark.internal.engine.model;

import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;

/** What setting something for the queue does. */
final class Configuring {

    private final Model model;

    Configuring(Model model) {
        this.model = model;
    }

    Configured configure(QueueSettings wanted, Owner owner) {
        model.used = true;
        QueueSettings before = model.config.isEmpty() ? null : model.settings;
        for (Setting<?> setting : Setting.ALL) {
            String by = "by:" + setting.name();
            if (owner == Owner.OPERATOR ? wanted.named().contains(setting) : !"operator".equals(model.config.get(by))) {
                model.settings = model.settings.withText(setting, wanted.text(setting));
                model.config.put(setting.name(), wanted.text(setting));
                model.config.put(by, owner == Owner.OPERATOR ? "operator" : "code");
            }
        }
        return new Configured(before, model.settings);
    }
}
