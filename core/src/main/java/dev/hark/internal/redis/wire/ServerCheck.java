package dev.hark.internal.redis.wire;

import dev.hark.error.UnsafeServerException;
import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;

/** Looks at what INFO tells of a server before messages are entrusted to it. */
public final class ServerCheck {

    private static final Log LOG = Log.of(ServerCheck.class);

    private ServerCheck() {}

    public static void run(Link link, String server, boolean allowEviction) {
        ServerInfo info = ServerInfo.of(link, "server", "persistence", "memory");
        version(server, info.text("redis_version", "0"));
        if (info.number("loading") == 1) {
            throw new StoreException(Kind.NOT_NOW, "Redis at " + server + " is loading its data", null);
        }
        eviction(server, info.text("maxmemory_policy", "noeviction"), allowEviction);
        if (info.number("maxmemory") == 0) {
            LOG.info(
                    "Redis at {} has no maxmemory: when memory runs out the system may kill it. Set maxmemory, with"
                            + " maxmemory-policy noeviction.",
                    server);
        }
    }

    static void version(String server, String version) {
        String[] part = version.split("\\.", 3);
        int major = Integer.parseInt(part[0]);
        int minor = part.length > 1 ? Integer.parseInt(part[1]) : 0;
        if (major < 6 || (major == 6 && minor < 2)) {
            throw tooOld(server, version);
        }
    }

    public static UnsafeServerException tooOld(String server, String version) {
        return new UnsafeServerException(
                "Redis at " + server + " is version " + version + "; Hark needs 6.2 or newer.");
    }

    private static void eviction(String server, String policy, boolean allowed) {
        if (policy.startsWith("allkeys")) {
            String what = "Redis at " + server + " has maxmemory-policy " + policy
                    + " and would throw messages away when memory runs out. Set maxmemory-policy noeviction";
            if (!allowed) {
                throw new UnsafeServerException(what + ", or allow eviction by name if losing messages is accepted.");
            }
            LOG.warn("{}.", what);
        } else if (policy.startsWith("volatile")) {
            LOG.warn(
                    "Redis at {} has maxmemory-policy {}: Hark's messages never expire and so are safe, but its"
                            + " memory of senders is not, which can make a repeated publish a duplicate. Better:"
                            + " noeviction.",
                    server,
                    policy);
        }
    }
}
