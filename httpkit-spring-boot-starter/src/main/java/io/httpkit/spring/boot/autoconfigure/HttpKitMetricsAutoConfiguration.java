package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.HttpClient;
import io.httpkit.spring.boot.metrics.ClientMetrics;
import io.httpkit.spring.boot.metrics.JettyThreadNames;
import io.httpkit.spring.boot.metrics.ServerEventMetrics;
import io.httpkit.spring.boot.metrics.ServerMetrics;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Meters of the server and of clients, in each registry there is. */
@AutoConfiguration(
    after = HttpKitServerAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "io.httpkit.spring.boot.autoconfigure.HttpKitClientAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnSwitch(value = "httpkit.metrics.enabled", otherwise = true)
@EnableConfigurationProperties(HttpKitMetricsProperties.class)
public final class HttpKitMetricsAutoConfiguration {
  @Bean
  @ConditionalOnBean(HttpKitWebServer.class)
  @ConditionalOnMissingBean
  ServerMetrics httpKitServerMetrics(HttpKitWebServer webServer) {
    return new ServerMetrics(webServer.server());
  }

  /** Before listeners of the application, so that they find it counted. */
  @Bean
  @Order(0)
  @ConditionalOnBean(HttpKitWebServer.class)
  @ConditionalOnMissingBean
  ServerEventMetrics httpKitServerEventMetrics() {
    return new ServerEventMetrics();
  }

  @Bean
  @ConditionalOnBean(HttpKitWebServer.class)
  @ConditionalOnSwitch(value = "httpkit.metrics.jetty-thread-names", otherwise = false)
  JettyThreadNames httpKitJettyThreadNames(HttpKitWebServer webServer) {
    return new JettyThreadNames(webServer.server());
  }

  @Bean
  @ConditionalOnBean(HttpClient.class)
  @ConditionalOnMissingBean
  ClientMetrics httpKitClientMetrics(Map<String, HttpClient> clients) {
    return new ClientMetrics(clients);
  }
}
