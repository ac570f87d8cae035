package io.httpkit.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;

/** Says which properties ask for what this server cannot do, as nobody would notice otherwise. */
final class IgnoredServerProperties implements SmartInitializingSingleton {
  private static final Log logger = LogFactory.getLog(IgnoredServerProperties.class);

  private final ServerProperties server;

  IgnoredServerProperties(ServerProperties server) {
    this.server = server;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<String> ignored = ignored();
    if (!ignored.isEmpty()) {
      logger.warn(
          "http-kit does not support these properties yet and ignores them: "
              + String.join(", ", ignored));
    }
  }

  private List<String> ignored() {
    List<String> ignored = new ArrayList<>();
    if (server.getCompression().getEnabled()) {
      ignored.add("server.compression.enabled");
    }
    if (server.getHttp2().isEnabled()) {
      ignored.add("server.http2.enabled");
    }
    ForwardHeadersStrategy strategy = server.getForwardHeadersStrategy();
    if (strategy != null && strategy != ForwardHeadersStrategy.NONE) {
      ignored.add("server.forward-headers-strategy");
    }
    return ignored;
  }
}
