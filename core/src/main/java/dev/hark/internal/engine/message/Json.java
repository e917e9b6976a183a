package dev.hark.internal.engine.message;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as Hark writes and reads it: what can be written can be read, whatever its length. */
public final class Json {

    private Json() {}

    /**
     * Makes a mapper that reads numbers, texts and names of any length: what holds them has a bound of its own. Depth
     * has the same bound for what is written and what is read. Times keep their offset, and their zone, written as RFC 9557
     * has it: 09:00 in Paris is another hour after the change of the clock, in no other way than by its zone.
     */
    public static JsonMapper mapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(limits).build())
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
                .build();
    }
}
