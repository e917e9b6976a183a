package dev.hark;

import java.time.Duration;
import java.util.List;

/** What a Hark was built with. */
record HarkSettings(
        Duration lease,
        int maxBody,
        Duration connectTimeout,
        Duration closeTimeout,
        Codecs codecs,
        List<HandlerInterceptor> interceptors) {}
