package io.httpkit.sample.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamsPropertiesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a?b=c", "http://a", "https://a:8443/b"})
  void takesPathsAndUrls(String url) {
    assertThat(new UpstreamsProperties(SECOND, Map.of("a", URI.create(url))).urls())
        .containsExactly(Map.entry("a", URI.create(url)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "//a/b", "ftp://a", "http:///b", "http:b", "mailto:a@b"})
  void refusesAllElse(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UpstreamsProperties(SECOND, Map.of("a", URI.create(url))))
        .withMessageContaining("but was \"" + url + '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void refusesADeadlineThatIsNone(Duration deadline) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UpstreamsProperties(deadline, Map.of()))
        .withMessageContaining("but was " + deadline);
  }

  @Test
  void keepsTheOrderOfTheNames() {
    Map<String, URI> urls =
        Map.of("b", URI.create("/1"), "c", URI.create("/2"), "a", URI.create("/"));
    assertThat(new UpstreamsProperties(SECOND, urls).urls().keySet())
        .containsExactly("a", "b", "c");
  }
}
