/** A local redis-server, for development, demonstrations and tests. */
module dev.hark.devserver {
    requires static transitive org.jspecify;
}
