package io.httpkit.spring.boot.server;

import io.httpkit.server.ServerConfig;

/**
 * A bean that changes the options of the server, for what no property covers, such as the executor
 * that runs handlers.
 *
 * <p>Customizers are called once, while the context is refreshed, in the order of their
 * {@code @Order} and after all properties have been applied, so they have the last word.
 */
@FunctionalInterface
public interface HttpKitServerCustomizer {
  /** Changes the options. */
  void customize(ServerConfig.Builder config);
}
