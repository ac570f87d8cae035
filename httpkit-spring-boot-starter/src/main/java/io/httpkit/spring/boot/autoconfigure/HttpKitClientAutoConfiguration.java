package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.ClientEvents;
import io.httpkit.client.HttpClient;
import io.httpkit.spring.boot.client.HttpKitClientCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/**
 * An HTTP client for the application, whatever serves it. It starts no thread before its first
 * request, and is closed with the context: after the server has stopped, as handlers may use it.
 */
@AutoConfiguration
@ConditionalOnClass(HttpClient.class)
@EnableConfigurationProperties(HttpKitClientProperties.class)
public final class HttpKitClientAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean({ClientConfig.class, HttpClient.class})
  ClientConfig httpKitClientConfig(
      HttpKitClientProperties client,
      ObjectProvider<SslBundles> bundles,
      ObjectProvider<ClientEvents> events,
      ObjectProvider<HttpKitClientCustomizer> customizers) {
    ClientConfig.Builder config =
        ClientOptions.of(client, bundles.getIfAvailable(DefaultSslBundleRegistry::new));
    config.events(events.orderedStream().toArray(ClientEvents[]::new));
    customizers.orderedStream().forEach(customizer -> customizer.customize(config));
    return config.build();
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  HttpClient httpKitClient(ClientConfig config) {
    return HttpClient.create(config);
  }
}
