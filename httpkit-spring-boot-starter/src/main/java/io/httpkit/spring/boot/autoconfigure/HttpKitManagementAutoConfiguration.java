package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Router;
import io.httpkit.server.ServerConfig;
import io.httpkit.spring.boot.actuate.EndpointRoutes;
import io.httpkit.spring.boot.actuate.ExposedEndpoints;
import io.httpkit.spring.boot.actuate.ManagementServer;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Serves the endpoints: with all else, or on the port {@code management.server.port} by a second
 * server in the same context.
 *
 * <p>The beans of all endpoints are created together with the server. So an endpoint that wants to
 * know the server asks for an {@code ObjectProvider} of it.
 */
@AutoConfiguration(after = HttpKitActuatorAutoConfiguration.class)
@ConditionalOnClass(ManagementServerProperties.class)
@ConditionalOnNotWebApplication
@ConditionalOnBean(ExposedEndpoints.class)
@EnableConfigurationProperties({WebEndpointProperties.class, ManagementServerProperties.class})
public final class HttpKitManagementAutoConfiguration {
  private static final int WORKERS = 4;

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
            .thread(WORKERS)
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
}
