package io.httpkit.sample.upstreams;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.HttpClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client that asks the upstreams. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UpstreamsProperties.class)
class UpstreamsConfiguration {
  /** By default all upstreams are one server, which is asked over as many connections as needed. */
  private static final int MAX_CONNECTIONS = 1000;

  /** Closed with the context, when the server has answered its last request. */
  @Bean(destroyMethod = "close")
  HttpClient httpClient() {
    return HttpClient.create(
        ClientConfig.builder()
            .maxConnections(MAX_CONNECTIONS)
            .maxConnectionsPerOrigin(MAX_CONNECTIONS)
            .build());
  }
}
