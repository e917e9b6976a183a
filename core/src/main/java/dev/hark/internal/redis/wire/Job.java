package dev.hark.internal.redis.wire;

import dev.hark.internal.redis.scripts.Script;
import java.util.List;

/** One run of a script. */
public record Job(Script script, List<String> keys, List<?> args) {}
