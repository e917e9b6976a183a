package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Redis.Place;
import dev.hark.error.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What URLs say, and that the builder says the same. */
class RedisUrlTest {

    @Test
    void oneServer() {
        assertThat(Redis.of("redis://localhost")).isEqualTo(Redis.single("localhost", 6379));
        assertThat(Redis.of("redis://[::1]:7000/3"))
                .isEqualTo(Redis.single("::1", 7000).database(3));
        assertThat(Redis.of("redis://my_redis:6380/"))
                .as("Docker allows such names")
                .isEqualTo(Redis.single("my_redis", 6380));
        assertThat(Redis.of("redis://localhost?protocol=3"))
                .isEqualTo(Redis.single("localhost", 6379).protocol(3));
    }

    @Test
    void logins() {
        assertThat(Redis.of("redis://:s3cret@localhost"))
                .isEqualTo(Redis.single("localhost", 6379).login(null, "s3cret"));
        assertThat(Redis.of("redis://ann:p%40s+s@localhost"))
                .isEqualTo(Redis.single("localhost", 6379).login("ann", "p@s+s"));
        assertThat(Redis.of("redis://ann:p@ss@localhost").login())
                .as("one that was not encoded")
                .isEqualTo(new Redis.Login("ann", "p@ss"));
        assertThat(Redis.of("redis://ann:s3cret@localhost")).asString().doesNotContain("s3cret");
    }

    @Test
    void sentinels() {
        assertThat(Redis.of("redis-sentinel://a,b:26380/2?master=mymaster"))
                .isEqualTo(Redis.sentinel("mymaster", "a:26379", "b:26380").database(2));
        Redis guarded = Redis.of("redis-sentinel://ann:one@a?master=mymaster&sentinelUser=sam&sentinelPassword=two%26");
        assertThat(guarded)
                .isEqualTo(Redis.sentinel("mymaster", "a").login("ann", "one").sentinelLogin("sam", "two&"));
        assertThat(guarded).asString().doesNotContain("one", "two");
    }

    @Test
    void clusters() {
        assertThat(Redis.of("redis-cluster://ann:one@a:7000,b"))
                .isEqualTo(Redis.cluster("a:7000", "b").login("ann", "one"));
        assertThat(Redis.of("redis-cluster://a").place()).isInstanceOf(Place.Cluster.class);
    }

    @Test
    void encryption() {
        assertThat(Redis.of("rediss://localhost"))
                .isEqualTo(Redis.single("localhost", 6379).tls(Tls.DEFAULT));
        assertThat(Redis.of("rediss-cluster://a?ca=/etc/ca.pem&cert=/etc/me.pem&key=/etc/me.key"))
                .isEqualTo(Redis.cluster("a")
                        .tls(Tls.DEFAULT
                                .ca(Path.of("/etc/ca.pem"))
                                .certificate(Path.of("/etc/me.pem"), Path.of("/etc/me.key"))));
        assertThat(Redis.of("rediss-sentinel://a?master=m").tls()).isEqualTo(Tls.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://                                      | names no host",
                "localhost:6379                                | has no scheme",
                "localhost                                     | has no scheme",
                "redis:localhost                               | has no scheme",
                "redis:/localhost                              | has no scheme",
                "redis://:6379                                 | :6379' is no address",
                "redis://a b                                   | a b' is no host",
                "redis://<host>:6379                           | <host>' is no host",
                "redis://::1                                   | in brackets",
                "redis://a:-1                                  | has '-1' where its port should be",
                "redis://a:123456                              | a number of 1 to 65535",
                "redis://a#1                                   | has a '#'",
                "redis-cluster://a:x,b                         | has 'x' where its port should be",
                "redis-sentinel://a?master=my master           | a blank, or a character that cannot be seen, in the parameter",
                "redis-sentinel://a?master=100%                | a '%' in the parameter 'master'",
                "redis://a,b                                   | redis-cluster:// for a cluster",
                "redis://a:70000                               | a:70000",
                "redis://a:                                    | ",
                "redis://a:6x                                  | 6x",
                "redis-sentinel://a                            | ?master=NAME",
                "redis-sentinel://a?master=                    | ?master=NAME",
                "redis-sentinel://a?master=m&sentinelUser=ann  | sentinelPassword",
                "redis-cluster://a,,b                          | :6379",
                "redis-cluster://a/1                           | database 1",
                "redis://a/mail                                | /mail",
                "redis://a/99999                               | database 99999",
                "redis://a?master=m                            | redis-sentinel",
                "redis://a?ca=x                                | rediss",
                "rediss://a?cert=x                             | needs its key",
                "redis://a?protocol=4                          | protocol '4'",
                "redis://a?protocol=2&protocol=3               | twice",
                "redis://a?protocol                            | without a value",
                "redis-ring://a                                | must begin with",
                "http://a                                      | must begin with",
            })
    void whatIsWrongIsSaid(String url, String said) {
        if (said == null) {
            assertThat(Redis.of(url)).isEqualTo(Redis.single("a", 6379));
        } else {
            assertThatThrownBy(() -> Redis.of(url))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(url, said);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "100%, redis://:100%@a, the password",
        "50%x, redis://ann:50%x@a, the password",
        "s3cret, redis://a%n:s3cret@a, the user",
        "s3%cret, redis-cluster://ann:s3%cret@a:7000, the password",
    })
    void aRawPercentIsSaidToBeInThePasswordWhichIsNotShown(String password, String url, String part) {
        assertThatThrownBy(() -> Redis.of(url))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("URL '[^']+' has a '%' in " + part + " .*%25")
                .hasMessageContaining("***@a")
                .hasMessageNotContaining(password);
    }

    @Test
    void whatElseStandsInAPasswordNeedNotBeEncoded() {
        assertThat(Redis.of("redis://ann:ab|^{}\"\\é%25@a").login()).isEqualTo(new Redis.Login("ann", "ab|^{}\"\\é%"));
    }

    @Test
    void anUnknownParameterIsNamedWithoutItsValueWhichMayBeAPassword() {
        assertThatThrownBy(() -> Redis.of("redis://a?protocol=3&verify=s3cret"))
                .hasMessageContainingAll("redis://a?protocol=3&verify=***", "unknown parameter 'verify'");
    }

    @Test
    void noMessageShowsAPassword() {
        for (String url : new String[] {
            "ann:s3cret@a",
            "http://ann:s3cret@a",
            "redis://ann:s3cret%@a",
            "redis://ann:s3cret@a:x",
            "redis://ann:s3cret@",
            "redis-sentinel://:s3cret@a?sentinelPassword=s3cret",
            "redis-sentinel://a?master=m&sentinelPasword=s3cret",
            "redis://a?pass=s3cret",
            "redis-cluster://ann:s3cret@a,b/7",
            "redis://ann:s3cret#@a:70000",
            "redis://ann:s3cret?x@a",
            "redis://ann:s3cret/x@a",
            "rediss://ann:s3cret@a?cert=x"
        }) {
            assertThatThrownBy(() -> Redis.of(url))
                    .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("s3cret"));
        }
    }
}
