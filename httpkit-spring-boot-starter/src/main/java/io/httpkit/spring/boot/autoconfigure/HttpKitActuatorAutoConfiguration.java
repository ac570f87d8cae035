package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.actuate.EndpointContent;
import io.httpkit.spring.boot.actuate.EndpointCors;
import io.httpkit.spring.boot.actuate.EndpointSecurity;
import io.httpkit.spring.boot.actuate.ExposedEndpoints;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.IncludeExcludeEndpointFilter;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.CorsEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointFilter;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.EndpointsSupplier;
import org.springframework.boot.actuate.endpoint.OperationFilter;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.ParameterValueMapper;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpointDiscoverer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointWebExtension;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;
import org.springframework.web.cors.CorsConfiguration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the endpoints that are exposed over HTTP, in an application without a web framework. Boot's
 * own configuration does so only with one. What they answer is JSON, so there are none without
 * Jackson.
 */
@AutoConfiguration(
    after = HttpKitServerAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration",
      "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration"
    })
@ConditionalOnClass({WebEndpointsSupplier.class, WebEndpointProperties.class, JsonMapper.class})
@ConditionalOnNotWebApplication
@ConditionalOnBean(HttpKitWebServer.class)
@EnableConfigurationProperties({WebEndpointProperties.class, CorsEndpointProperties.class})
public final class HttpKitActuatorAutoConfiguration {
  @Bean
  PathMapper httpKitEndpointPathMapper(WebEndpointProperties properties) {
    Map<EndpointId, String> paths = new HashMap<>();
    properties
        .getPathMapping()
        .forEach((id, path) -> paths.put(EndpointId.fromPropertyValue(id), path));
    return endpoint -> {
      String path = paths.get(endpoint);
      return StringUtils.hasText(path) ? path : null;
    };
  }

  @Bean
  @ConditionalOnMissingBean
  EndpointMediaTypes endpointMediaTypes() {
    return EndpointMediaTypes.DEFAULT;
  }

  @Bean
  @ConditionalOnMissingBean(WebEndpointsSupplier.class)
  WebEndpointDiscoverer webEndpointDiscoverer(
      ApplicationContext context,
      ParameterValueMapper parameters,
      EndpointMediaTypes types,
      ObjectProvider<PathMapper> pathMappers,
      ObjectProvider<AdditionalPathsMapper> additionalPaths,
      ObjectProvider<OperationInvokerAdvisor> advisors,
      ObjectProvider<EndpointFilter<ExposableWebEndpoint>> endpointFilters,
      ObjectProvider<OperationFilter<WebOperation>> operationFilters) {
    return new WebEndpointDiscoverer(
        context,
        parameters,
        types,
        pathMappers.orderedStream().toList(),
        additionalPaths.orderedStream().toList(),
        advisors.orderedStream().toList(),
        endpointFilters.orderedStream().toList(),
        operationFilters.orderedStream().toList());
  }

  @Bean
  @ConditionalOnMissingBean
  PathMappedEndpoints pathMappedEndpoints(
      Collection<EndpointsSupplier<?>> suppliers, WebEndpointProperties properties) {
    return new PathMappedEndpoints(properties.getBasePath(), suppliers);
  }

  @Bean
  IncludeExcludeEndpointFilter<ExposableWebEndpoint> webExposeExcludePropertyEndpointFilter(
      WebEndpointProperties properties) {
    WebEndpointProperties.Exposure exposure = properties.getExposure();
    return new IncludeExcludeEndpointFilter<>(
        ExposableWebEndpoint.class,
        exposure.getInclude(),
        exposure.getExclude(),
        EndpointExposure.WEB.getDefaultIncludes());
  }

  @Bean
  OperationFilter<WebOperation> webAccessPropertiesOperationFilter(
      EndpointAccessResolver accessResolver) {
    return OperationFilter.byAccess(accessResolver);
  }

  @Bean
  ExposedEndpoints httpKitExposedEndpoints(
      WebEndpointsSupplier endpoints,
      EndpointMediaTypes types,
      ObjectProvider<EndpointSecurity> security,
      ObjectProvider<EndpointJsonMapper> endpointMapper,
      ObjectProvider<JsonMapper> mapper,
      CorsEndpointProperties cors) {
    return new ExposedEndpoints(
        endpoints,
        types,
        security.getIfAvailable(() -> EndpointSecurity.NONE),
        content(endpointMapper.getIfAvailable(), mapper.getIfAvailable(JsonMapper::shared)),
        cors(cors.toCorsConfiguration()));
  }

  private static EndpointContent content(
      @Nullable EndpointJsonMapper endpoints, JsonMapper application) {
    return new EndpointContent(endpoints == null ? application : endpoints.get(), application);
  }

  private static @Nullable EndpointCors cors(@Nullable CorsConfiguration allowed) {
    return allowed == null ? null : new EndpointCors(allowed);
  }

  /** Gives status codes to health, which else is answered 200 also when it is down. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthEndpoint.class)
  @ConditionalOnBean(HealthEndpoint.class)
  @ConditionalOnAvailableEndpoint(endpoint = HealthEndpoint.class, exposure = EndpointExposure.WEB)
  static class Health {
    @Bean
    @ConditionalOnMissingBean
    HealthEndpointWebExtension healthEndpointWebExtension(
        HealthContributorRegistry registry,
        ObjectProvider<ReactiveHealthContributorRegistry> reactiveRegistry,
        HealthEndpointGroups groups,
        HealthEndpointProperties properties) {
      return new HealthEndpointWebExtension(
          registry,
          reactiveRegistry.getIfAvailable(),
          groups,
          properties.getLogging().getSlowIndicatorThreshold());
    }
  }
}
