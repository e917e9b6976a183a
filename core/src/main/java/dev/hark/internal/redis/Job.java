package dev.hark.internal.redis;

import java.util.List;

/** One run of a script. */
record Job(Script script, List<String> keys, List<?> args) {}
