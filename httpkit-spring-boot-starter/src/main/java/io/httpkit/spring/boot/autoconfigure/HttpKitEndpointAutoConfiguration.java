package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.actuate.HttpKitEndpoint;
import io.httpkit.spring.boot.actuate.RouteMappings;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.web.ChannelGroups;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.web.mappings.MappingsEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Lets endpoints tell about this server: {@code httpkit}, and the routes in {@code mappings}. */
@AutoConfiguration(
    after = HttpKitServerAutoConfiguration.class,
    before = HttpKitActuatorAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(HttpKitWebServer.class)
public final class HttpKitEndpointAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  HttpKitEndpoint httpKitEndpoint(ListableBeanFactory beans, ObjectProvider<ChannelGroups> groups) {
    return new HttpKitEndpoint(
        beans,
        () -> {
          ChannelGroups named = groups.getIfAvailable();
          return named == null ? Map.of() : named.sizes();
        });
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint(MappingsEndpoint.class)
  RouteMappings httpKitRouteMappings() {
    return new RouteMappings();
  }
}
