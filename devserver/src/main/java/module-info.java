/**
 * A local redis-server, for development, demonstrations and tests.
 *
 * <p>On the module path, add {@code --add-modules embedded.redis} where the bundled server is to be found.
 */
module dev.hark.devserver {
    requires static transitive org.jspecify;

    exports dev.hark.devserver;
}
