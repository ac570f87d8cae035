package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.Handler;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Router;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerEvents;
import io.httpkit.spring.boot.server.HttpKitInterceptor;
import io.httpkit.spring.boot.server.HttpKitServerCustomizer;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.InterceptedHandler;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.server.context.HttpKitServerLifecycle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Runs the HTTP server in an application that has no other web server, or beside a servlet
 * container if {@code httpkit.port} is set.
 *
 * <p>Requests are answered by the {@link RouterCustomizer}, {@link Router} and {@link Handler}
 * beans, with the {@link HttpKitInterceptor} beans around them. All {@link ServerEvents} beans are
 * told what happens. An {@code Executor} bean is not used by itself, as it may be there for
 * anything else; a {@link HttpKitServerCustomizer} can set it.
 */
@AutoConfiguration
@ConditionalOnClass({HttpServer.class, WebServer.class})
@ConditionalOnSwitch(value = "httpkit.enabled", otherwise = true)
@Conditional(HttpKitServerCondition.class)
@EnableConfigurationProperties({HttpKitProperties.class, ServerProperties.class})
public final class HttpKitServerAutoConfiguration {
  private static final Log logger = LogFactory.getLog(HttpKitServerAutoConfiguration.class);

  /** Beside another server {@code local.server.port} is the other's. */
  private static final String SIDE_CAR_NAMESPACE = "httpkit";

  @Bean
  ServerTlsOptions httpKitServerTlsOptions(
      HttpKitProperties httpkit, ServerProperties server, ObjectProvider<SslBundles> bundles) {
    return ServerTlsOptions.of(
        httpkit, server, bundles.getIfAvailable(DefaultSslBundleRegistry::new));
  }

  @Bean
  @ConditionalOnMissingBean
  ServerConfig httpKitServerConfig(
      HttpKitProperties httpkit,
      ServerProperties server,
      Environment environment,
      ServerTlsOptions tls,
      ObjectProvider<ServerEvents> events,
      ObjectProvider<HttpKitServerCustomizer> customizers) {
    ServerConfig.Builder config = ServerOptions.of(httpkit, server, environment);
    config.tls(tls.initial());
    config.events(events.orderedStream().toArray(ServerEvents[]::new));
    customizers.orderedStream().forEach(customizer -> customizer.customize(config));
    return config.build();
  }

  @Bean(destroyMethod = "destroy")
  @ConditionalOnMissingBean
  HttpKitWebServer httpKitWebServer(
      ServerConfig config,
      ServerTlsOptions tls,
      HttpKitProperties httpkit,
      ServerProperties server,
      ObjectProvider<RouterCustomizer> customizers,
      ObjectProvider<Router> routers,
      ObjectProvider<Handler> handlers,
      ObjectProvider<Map<String, Handler>> handlersByName,
      ObjectProvider<HttpKitInterceptor> interceptors) {
    ApplicationHandler found =
        ApplicationHandler.of(customizers, routers, handlers, handlersByName);
    Handler intercepted =
        InterceptedHandler.of(interceptors.orderedStream().toList(), found.handler());
    HttpServer httpServer = HttpServer.create(intercepted, config);
    tls.follow(httpServer);
    return new HttpKitWebServer(
        httpServer, ServerOptions.isListening(httpkit, server), found.routes());
  }

  @Bean
  HttpKitServerLifecycle httpKitServerLifecycle(
      HttpKitWebServer webServer,
      HttpKitProperties properties,
      ConfigurableApplicationContext context) {
    return new HttpKitServerLifecycle(
        webServer, context, properties.autoStartup(), namespace(context));
  }

  @Bean
  @ConditionalOnProperty(name = "server.shutdown", havingValue = "graceful", matchIfMissing = true)
  WebServerGracefulShutdownLifecycle httpKitGracefulShutdown(HttpKitWebServer webServer) {
    return new WebServerGracefulShutdownLifecycle(webServer);
  }

  /** Beside a servlet container these are the container's. */
  @Bean
  @ConditionalOnNotWebApplication
  SmartInitializingSingleton httpKitIgnoredServerProperties(ServerProperties server) {
    return () -> warnOfIgnored(server);
  }

  /**
   * Says that no more traffic is wanted as soon as the context begins to close. Web contexts do so
   * by themselves, others do not.
   */
  @Bean
  @ConditionalOnNotWebApplication
  GenericApplicationListener httpKitRefuseTrafficOnClose(ApplicationContext context) {
    return GenericApplicationListener.forEventType(
        ContextClosedEvent.class,
        event -> {
          if (event.getApplicationContext() == context) {
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
          }
        });
  }

  /** Says which properties ask for what this server cannot do, as nobody would notice otherwise. */
  private static void warnOfIgnored(ServerProperties server) {
    List<String> ignored = new ArrayList<>();
    if (server.getCompression().getEnabled()) {
      ignored.add("server.compression.enabled");
    }
    if (server.getHttp2().isEnabled()) {
      ignored.add("server.http2.enabled");
    }
    ForwardHeadersStrategy strategy = server.getForwardHeadersStrategy();
    if (strategy != null && strategy != ForwardHeadersStrategy.NONE) {
      ignored.add("server.forward-headers-strategy");
    }
    if (!ignored.isEmpty()) {
      logger.warn(
          "http-kit does not support these properties yet and ignores them: "
              + String.join(", ", ignored));
    }
  }

  private static @Nullable String namespace(ConfigurableApplicationContext context) {
    return context instanceof WebServerApplicationContext ? SIDE_CAR_NAMESPACE : null;
  }
}
