package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.observation.ClientRequestObservations;
import io.httpkit.spring.boot.observation.DefaultHttpKitClientObservationConvention;
import io.httpkit.spring.boot.observation.DefaultHttpKitServerObservationConvention;
import io.httpkit.spring.boot.observation.HttpKitClientObservationConvention;
import io.httpkit.spring.boot.observation.HttpKitServerObservationConvention;
import io.httpkit.spring.boot.observation.ServerRequestObservations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.MaximumAllowableTagsMeterFilter;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsProperties;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Observations of the requests of the server, {@code http.server.requests}, and of clients, {@code
 * http.client.requests}: metrics, and with a tracer traces. Named by {@code
 * management.observations.http.*.requests.name}.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass({ObservationRegistry.class, ObservationProperties.class})
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnSwitch(value = "httpkit.observations.enabled", otherwise = true)
@EnableConfigurationProperties({HttpKitObservationProperties.class, ObservationProperties.class})
public final class HttpKitObservationAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  ServerRequestObservations httpKitServerRequestObservations(
      ObservationRegistry registry,
      ObservationProperties properties,
      ObjectProvider<HttpKitServerObservationConvention> convention) {
    return new ServerRequestObservations(
        registry,
        new DefaultHttpKitServerObservationConvention(serverRequests(properties)),
        convention.getIfAvailable());
  }

  @Bean
  @ConditionalOnMissingBean
  ClientRequestObservations httpKitClientRequestObservations(
      ObservationRegistry registry,
      ObservationProperties properties,
      ObjectProvider<HttpKitClientObservationConvention> convention) {
    return new ClientRequestObservations(
        registry,
        new DefaultHttpKitClientObservationConvention(clientRequests(properties)),
        convention.getIfAvailable());
  }

  private static String serverRequests(ObservationProperties properties) {
    return properties.getHttp().getServer().getRequests().getName();
  }

  private static String clientRequests(ObservationProperties properties) {
    return properties.getHttp().getClient().getRequests().getName();
  }

  /** As many values of {@code uri} as {@code management.metrics.web.*.max-uri-tags} allows. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({MeterRegistry.class, MaximumAllowableTagsMeterFilter.class})
  @ConditionalOnBean(MeterRegistry.class)
  @EnableConfigurationProperties(MetricsProperties.class)
  static class UriTags {
    @Bean
    @Order(0)
    MeterFilter httpKitServerUriTagFilter(
        ObservationProperties observations, MetricsProperties metrics) {
      return new MaximumAllowableTagsMeterFilter(
          serverRequests(observations), "uri", metrics.getWeb().getServer().getMaxUriTags());
    }

    @Bean
    @Order(0)
    MeterFilter httpKitClientUriTagFilter(
        ObservationProperties observations, MetricsProperties metrics) {
      return new MaximumAllowableTagsMeterFilter(
          clientRequests(observations), "uri", metrics.getWeb().getClient().getMaxUriTags());
    }
  }
}
