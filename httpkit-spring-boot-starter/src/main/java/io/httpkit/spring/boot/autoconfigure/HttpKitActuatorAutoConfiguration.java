package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Router;
import io.httpkit.server.ServerConfig;
import io.httpkit.spring.boot.actuate.EndpointContent;
import io.httpkit.spring.boot.actuate.EndpointCors;
import io.httpkit.spring.boot.actuate.EndpointRoutes;
import io.httpkit.spring.boot.actuate.EndpointSecurity;
import io.httpkit.spring.boot.actuate.ExposedEndpoints;
import io.httpkit.spring.boot.actuate.ManagementServer;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.IncludeExcludeEndpointFilter;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.CorsEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
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
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
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
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;
import org.springframework.web.cors.CorsConfiguration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the endpoints that are exposed over HTTP, in an application without a web framework, and
 * serves them: with all else, or on the port {@code management.server.port} by a second server in
 * the same context. Boot's own configuration does so only with a framework. What they answer is
 * JSON, so there are none without Jackson.
 *
 * <p>The beans of all endpoints are created together with the server. So an endpoint that wants to
 * know the server asks for an {@code ObjectProvider} of it.
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
@EnableConfigurationProperties({
  WebEndpointProperties.class,
  CorsEndpointProperties.class,
  ManagementServerProperties.class
})
public final class HttpKitActuatorAutoConfiguration {
  private static final int MANAGEMENT_WORKERS = 4;

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

  @Bean
  @Conditional(ManagementPort.OnSame.class)
  RouterCustomizer httpKitEndpointRoutes(
      ExposedEndpoints endpoints, WebEndpointProperties properties) {
    String basePath = properties.getBasePath();
    return routes -> {
      SameManagementPort.checkRoot(basePath, endpoints.endpoints().getEndpoints());
      EndpointRoutes own = endpoints.routesOn(WebServerNamespace.SERVER).operations(basePath);
      if (properties.getDiscovery().isEnabled() && StringUtils.hasText(basePath)) {
        own.links(basePath);
      }
      own.customize(routes);
    };
  }

  /** What would be on a port of its own is nothing of the application's either. */
  @Bean
  @Conditional(ManagementPort.OnSame.class)
  PlainRefusals httpKitEndpointRefusals(
      ExposedEndpoints endpoints, WebEndpointProperties properties) {
    Set<String> paths = new HashSet<>(endpoints.paths(properties.getBasePath()));
    paths.addAll(endpoints.additionalPaths(WebServerNamespace.MANAGEMENT));
    return new PlainRefusals(paths);
  }

  @Bean
  @Conditional(ManagementPort.OnSame.class)
  SameManagementPort httpKitSameManagementPort(
      ManagementServerProperties properties, ConfigurableEnvironment environment) {
    return new SameManagementPort(properties, environment);
  }

  @Bean
  @Conditional(ManagementPort.OnDifferent.class)
  ManagementServer httpKitManagementServer(
      ExposedEndpoints endpoints,
      WebEndpointProperties endpointProperties,
      ManagementServerProperties management,
      HttpKitProperties httpkit,
      ServerProperties server,
      ServerTlsOptions applicationTls,
      ObjectProvider<SslBundles> bundles,
      ConfigurableApplicationContext context) {
    ServerTlsOptions tls =
        applicationTls.forManagement(
            management.getSsl(), httpkit, bundles.getIfAvailable(DefaultSslBundleRegistry::new));
    Router router = router(endpoints, management.getBasePath(), endpointProperties);
    // limits as those of the application's server, but few threads, and an address of its own
    ServerConfig.Builder config =
        ServerOptions.of(httpkit, server, context.getEnvironment())
            .address(address(management))
            .loops(1)
            .thread(MANAGEMENT_WORKERS)
            .workerNamePrefix("management-" + httpkit.workerNamePrefix())
            .tls(tls.initial());
    HttpServer httpServer = HttpServer.create(router, config.build());
    tls.follow(httpServer);
    return new ManagementServer(
        new HttpKitWebServer(httpServer, true, router.routes()),
        context,
        httpkit.autoStartup(),
        server.getShutdown());
  }

  /** Paths such as {@code /livez} are on the application's port wherever the endpoints are. */
  @Bean
  RouterCustomizer httpKitAdditionalEndpointPaths(ExposedEndpoints endpoints) {
    return routes ->
        endpoints.routesOn(WebServerNamespace.SERVER).additionalPaths("").customize(routes);
  }

  @Bean
  PlainRefusals httpKitAdditionalEndpointRefusals(ExposedEndpoints endpoints) {
    return new PlainRefusals(endpoints.additionalPaths(WebServerNamespace.SERVER));
  }

  private static EndpointContent content(
      @Nullable EndpointJsonMapper endpoints, JsonMapper application) {
    return new EndpointContent(endpoints == null ? application : endpoints.get(), application);
  }

  private static @Nullable EndpointCors cors(@Nullable CorsConfiguration allowed) {
    return allowed == null ? null : new EndpointCors(allowed);
  }

  private static Router router(
      ExposedEndpoints endpoints, String prefix, WebEndpointProperties properties) {
    String basePath = prefix + properties.getBasePath();
    EndpointRoutes routes =
        endpoints
            .routesOn(WebServerNamespace.MANAGEMENT)
            .additionalPaths(prefix)
            .operations(basePath);
    if (properties.getDiscovery().isEnabled()) {
      routes.links(basePath);
    }
    Router.Builder router = Router.builder();
    routes.customize(router);
    return router.build();
  }

  /** As with Boot's other servers, all addresses unless there is one of its own. */
  private static InetSocketAddress address(ManagementServerProperties management) {
    int port = Objects.requireNonNull(management.getPort());
    try {
      return new InetSocketAddress(management.getAddress(), port);
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(
          ManagementPort.PROPERTY, port, "port must be at most 65535");
    }
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
