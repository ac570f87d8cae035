package io.httpkit.spring.boot.client;

import io.httpkit.client.ClientConfig;

/**
 * A bean that changes the options of the client, for what no property covers, such as the resolver
 * of names or the executor that runs callbacks.
 *
 * <p>Customizers are called once, while the context is refreshed, in the order of their
 * {@code @Order} and after all properties have been applied, so they have the last word.
 */
@FunctionalInterface
public interface HttpKitClientCustomizer {
  /** Changes the options. */
  void customize(ClientConfig.Builder config);
}
