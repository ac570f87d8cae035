package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.actuate.HttpKitEndpoint;
import io.httpkit.spring.boot.actuate.RouteMappings;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.web.ChannelGroups;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.web.mappings.MappingsEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.context.annotation.Bean;

/** Lets endpoints tell about this server: {@code httpkit}, and the routes in {@code mappings}. */
@AutoConfiguration(
    after = HttpKitServerAutoConfiguration.class,
    before = HttpKitActuatorAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(HttpKitWebServer.class)
public final class HttpKitEndpointAutoConfiguration {
  private static final Log logger = LogFactory.getLog(HttpKitEndpointAutoConfiguration.class);

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

  /** Says why there are no endpoints over HTTP. */
  @Bean
  @ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
  @ConditionalOnNotWebApplication
  SmartInitializingSingleton httpKitEndpointsNeedJackson() {
    return () ->
        logger.warn(
            "The endpoints of the Actuator are not served over HTTP, as there is no Jackson to"
                + " write their JSON: add org.springframework.boot:spring-boot-starter-jackson");
  }
}
