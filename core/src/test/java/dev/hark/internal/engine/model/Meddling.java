package dev.hark.internal.engine.model;

import dev.hark.internal.engine.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What happens to a queue besides the transitions: time, other programs, and other hands. */
final class Meddling {

    /** Four such lines, and a ledger is nearly full. */
    private static final String LONG = "long".repeat(500);

    private static final List<String> FORGERIES = List.of("junk ", "7 ", "\u0011 ");
    private static final List<String> MALFORMED =
            List.of("1 id x 0 0", "1 x 1 -5 0", "1 a\tb 1 0 0", "0", "1 full 1 1000000000 0", "1 x 1 0 0\r");

    private final ModelRig rig;
    private final Address queue;
    private final Model model;
    private int added;

    Meddling(ModelRig rig, Address queue, Model model) {
        this.rig = rig;
        this.queue = queue;
        this.model = model;
    }

    /** What may happen to any store; says what did. */
    String ordinary(Step.Kind kind, Random random) {
        if (kind == Step.Kind.AGE) {
            long minutes = random.nextInt(10) == 0 ? 11 : 1 + random.nextInt(3);
            rig.age(queue, Duration.ofMinutes(minutes));
            model.otherHands.age(minutes);
            return "(" + minutes + " minutes pass)";
        }
        Map<String, String> fields = fields(random, "x" + ++added);
        String id = rig.addForeign(queue, fields);
        model.publishing.addForeign(id, fields);
        return "XADD " + id + " " + fields.toString().replace(LONG, "…");
    }

    private Map<String, String> fields(Random random, String body) {
        return switch (random.nextInt(model.redis ? 14 : 12)) { // in memory nobody adds the last two
            case 0 -> entries("to", "you", "text", body);
            case 1 -> entries("meta", "{\"key\":\n\"k\"}", "body", body);
            case 2 -> entries("body", body, "more", "1");
            case 3 -> entries("hark", "2 new", "body", body);
            case 4 -> entries("hark", "2", "parts", body);
            case 5, 11 -> entries("hark", "1 twin 1700000000000 2 1", "body", body);
            case 6 -> entries("hark", MALFORMED.get(random.nextInt(MALFORMED.size())), "body", body);
            case 7 -> entries("hark", "1", "text", body);
            case 8 ->
                entries(
                        "hark",
                        "1 old-" + body + " 1700000000000 90 0\n\n" + ("1700000000000 9 s " + LONG + "\n").repeat(4)
                                + "1 1 s end",
                        "body",
                        body);
            case 12 -> entries("hark", "1 bare-" + body + " 1700000000000 2 1", "text", body);
            case 13 -> entries("meta", "{\"key\": \"k\"}", "text", body);
            default -> Map.of("body", body);
        };
    }

    private static Map<String, String> entries(String one, String value, String other, String otherValue) {
        Map<String, String> fields = new java.util.LinkedHashMap<>();
        fields.put(one, value);
        fields.put(other, otherValue);
        return fields;
    }

    /** What nobody should do; says what was done. */
    String meddle(ModelRig.OtherHands hands, Step.Kind kind, Random random) {
        List<String> ids = new ArrayList<>();
        model.stream.forEach(entry -> ids.add(String.valueOf(entry.id)));
        switch (kind) {
            case DELETE_ENTRIES -> {
                if (!ids.isEmpty()) {
                    List<String> some =
                            List.of(ids.get(random.nextInt(ids.size())), ids.get(random.nextInt(ids.size())));
                    hands.deleteEntries(queue, some);
                    model.otherHands.delete(some);
                    return "XDEL " + some;
                }
            }
            case TRIM -> {
                if (!ids.isEmpty()) {
                    int left = random.nextInt(ids.size() + 1);
                    hands.trim(queue, left);
                    model.otherHands.delete(ids.subList(0, ids.size() - left));
                    return "XTRIM MAXLEN " + left;
                }
            }
            case DELETE_CONSUMER -> {
                if (!model.consumers.isEmpty()) {
                    String victim = List.copyOf(model.consumers).get(random.nextInt(model.consumers.size()));
                    hands.deleteConsumer(queue, victim);
                    model.otherHands.deleteConsumer(victim);
                    return "XGROUP DELCONSUMER " + victim;
                }
            }
            case DESTROY_GROUP -> {
                if (model.group) {
                    hands.destroyGroup(queue);
                    model.otherHands.loseGroup();
                    return "XGROUP DESTROY";
                }
            }
            case DELETE_STREAM -> {
                hands.deleteStream(queue);
                model.otherHands.deleteStream();
                return "DEL ready";
            }
            case DELETE_HELD -> {
                List<Model.Later> whole =
                        model.later.stream().filter(one -> !one.deleted()).toList();
                if (!whole.isEmpty()) {
                    Model.Later victim = whole.get(random.nextInt(whole.size()));
                    hands.deleteHeld(queue, victim.member());
                    model.otherHands.deleteHeld(victim);
                    return "HDEL held " + victim.member();
                }
            }
            case FORGE_HELD -> {
                String member = "forged-" + ++added;
                String content = FORGERIES.get(random.nextInt(FORGERIES.size())) + added;
                long minutes = 1L + random.nextInt(3);
                hands.forgeHeld(queue, member, content, Duration.ofMinutes(minutes));
                model.otherHands.forge(member, content, model.now + minutes);
                return "HSET held " + member;
            }
            default -> throw new IllegalArgumentException(kind.name());
        }
        return "(nothing for " + kind + ")";
    }
}
