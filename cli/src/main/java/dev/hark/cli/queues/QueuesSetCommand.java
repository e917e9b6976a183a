package dev.hark.cli.queues;

import dev.hark.Durability;
import dev.hark.Hark;
import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.admin.QueueInspector;
import dev.hark.cli.connect.FailureReport;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import dev.hark.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JsonGenerator;

/** {@code hark queues set}. */
@Command(
        name = "set",
        description = {
            "Shows the settings of a queue, and changes those that are given.",
            "",
            "Publishers go by them within 5 s. What is set here, no program changes back; all else is left to programs."
        },
        footer = {
            "  hark queues set mail",
            "  hark queues set mail --max-length 100000 --overflow block",
            "  hark queues set mail --max-length 0",
            "  hark queues set mail --durability 'replicated(2)' --strict"
        },
        modelTransformer = QueuesSetCommand.Options.class)
public final class QueuesSetCommand implements Callable<Integer> {

    @ParentCommand
    private QueuesCommand queues;

    @Parameters(paramLabel = "QUEUE", description = "The queue.")
    private String queue;

    @Spec
    private CommandSpec command;

    /** Adds an option for each setting. */
    static final class Options implements IModelTransformer {

        @Override
        public CommandSpec transform(CommandSpec command) {
            Setting.ALL.forEach(setting -> command.addOption(option(setting)));
            return command;
        }

        private static OptionSpec option(Setting<?> setting) {
            OptionSpec.Builder option = OptionSpec.builder(optionName(setting)).description(setting.description());
            return setting.byDefault() instanceof Boolean
                    ? option.type(Boolean.class).negatable(true).build()
                    : option.type(String.class)
                            .paramLabel(setting.label())
                            .converters(value -> checked(setting, value))
                            .build();
        }

        private static String checked(Setting<?> setting, String value) {
            try {
                return QueueSettings.NONE.withText(setting, value).text(setting);
            } catch (InvalidInputException e) {
                throw new TypeConversionException(FailureReport.message(e));
            }
        }
    }

    @Override
    public Integer call() {
        Invocation hark = queues.hark();
        try (Hark connected = hark.connect()) {
            QueueInspector inspector = connected.inspector().queue(queue);
            QueueSettings now = Setting.ALL.stream().allMatch(setting -> given(setting) == null)
                    ? inspector.settings()
                    : inspector.configure(this::changed);
            if (hark.json()) {
                hark.out().line(Json.object(json -> Setting.ALL.forEach(setting -> field(json, setting, now))));
            } else {
                lines(now).forEach(hark.out()::line);
            }
        }
        return ExitCode.DONE;
    }

    private @Nullable Object given(Setting<?> setting) {
        return command.findOption(optionName(setting)).getValue();
    }

    private QueueSettings changed(QueueSettings before) {
        QueueSettings changed = before;
        for (Setting<?> setting : Setting.ALL) {
            Object value = given(setting);
            changed = value == null ? changed : changed.withText(setting, value.toString());
        }
        return changed;
    }

    private static void field(JsonGenerator json, Setting<?> setting, QueueSettings now) {
        switch (now.get(setting)) {
            case Long number -> json.writeNumberProperty(setting.name(), number);
            case Boolean flag -> json.writeBooleanProperty(setting.name(), flag);
            default -> json.writeStringProperty(setting.name(), shown(setting, now));
        }
    }

    /** A line for each; what is on follows what stands before it in the table, and what is off is not shown. */
    private static List<String> lines(QueueSettings now) {
        int width = Setting.ALL.stream()
                .filter(setting -> !(setting.byDefault() instanceof Boolean))
                .mapToInt(setting -> words(setting).length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (Setting<?> setting : Setting.ALL) {
            if (!(now.get(setting) instanceof Boolean on)) {
                lines.add((words(setting) + ":" + " ".repeat(width)).substring(0, width + 2) + shown(setting, now));
            } else if (on) {
                lines.set(lines.size() - 1, lines.getLast() + ", " + words(setting));
            }
        }
        return lines;
    }

    private static String shown(Setting<?> setting, QueueSettings now) {
        return now.get(setting) instanceof Long number && number == 0
                ? "none"
                : now.text(setting).replace('_', '-');
    }

    private static String words(Setting<?> setting) {
        return setting.name().replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String optionName(Setting<?> setting) {
        return "--" + words(setting).replace(' ', '-');
    }

    public static Durability durability(String value) {
        try {
            return Durability.parse(value);
        } catch (InvalidInputException e) {
            throw new TypeConversionException(FailureReport.message(e));
        }
    }
}
