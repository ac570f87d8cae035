package io.httpkit.sample.upstreams;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The {@code sample.upstreams.*} properties.
 *
 * @param deadline Time that each upstream has, and so all of them, as they are asked at once.
 * @param urls Where the upstreams are, by their names. A path alone is one of this server.
 */
@ConfigurationProperties("sample.upstreams")
record UpstreamsProperties(Duration deadline, Map<String, URI> urls) {
  private static final List<String> SCHEMES = List.of("http", "https");

  UpstreamsProperties {
    // To the client zero is no limit.
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("deadline must be positive but was " + deadline);
    }
    urls.values().forEach(UpstreamsProperties::check);
    // In the order of their names, wherever each of them is configured.
    urls = new TreeMap<>(urls);
  }

  private static void check(URI url) {
    boolean isPath = url.getRawAuthority() == null && url.toString().startsWith("/");
    boolean isHttp = url.isAbsolute() && SCHEMES.contains(url.getScheme()) && url.getHost() != null;
    if (!isPath && !isHttp) {
      throw new IllegalArgumentException(
          "an upstream must be a path, or a URL of http or https, but was \"" + url + '"');
    }
  }
}
