package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.Request;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerEvents;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.web.ChannelGroups;
import io.httpkit.spring.boot.web.HttpKitController;
import io.httpkit.spring.boot.web.method.AnnotatedRoutesFactory;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes routes of the methods of annotated beans. {@code @Controller} beans are taken only where no
 * other web framework would take them.
 */
@AutoConfiguration(
    after = HttpMessageConvertersAutoConfiguration.class,
    afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnSwitch(value = "httpkit.enabled", otherwise = true)
@Conditional(HttpKitServerCondition.class)
public final class HttpKitWebAutoConfiguration {
  private static final Log logger = LogFactory.getLog(HttpKitWebAutoConfiguration.class);

  private static final List<String> OTHER_FRAMEWORKS =
      List.of(
          "org.springframework.web.servlet.DispatcherServlet",
          "org.springframework.web.reactive.DispatcherHandler");

  @Bean
  @ConditionalOnMissingBean
  ChannelGroups httpKitChannelGroups() {
    return new ChannelGroups();
  }

  @Bean
  AnnotatedRoutesFactory httpKitAnnotatedRoutesFactory(
      ConfigurableListableBeanFactory beans,
      ChannelGroups groups,
      ObjectProvider<ServerHttpMessageConvertersCustomizer> customizers,
      ObjectProvider<ServerConfig> config) {
    return new AnnotatedRoutesFactory(
        beans,
        converters(customizers),
        groups,
        (request, thrown) -> report(request, thrown, config));
  }

  /** First, so that the application's customizers may say otherwise. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  RouterCustomizer httpKitRefusals(
      AnnotatedRoutesFactory factory, ObjectProvider<PlainRefusals> plainRefusals) {
    return routes -> {
      List<PlainRefusals> plain = plainRefusals.stream().toList();
      factory.refusals(path -> plain.stream().anyMatch(some -> some.at(path))).customize(routes);
    };
  }

  /** Whatever writes problems does so with the names of the RFC. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({JsonMapper.class, JsonMapperBuilderCustomizer.class})
  static class ProblemNames {
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    JsonMapperBuilderCustomizer httpKitProblemMembers() {
      return builder -> builder.addMixIn(ProblemDetail.class, ProblemMembers.class);
    }
  }

  @Bean
  RouterCustomizer httpKitAnnotatedRoutes(
      ConfigurableListableBeanFactory beans, AnnotatedRoutesFactory factory) {
    return factory.routes(stereotypes(beans.getBeanClassLoader()));
  }

  private static List<HttpMessageConverter<?>> converters(
      ObjectProvider<ServerHttpMessageConvertersCustomizer> customizers) {
    HttpMessageConverters.ServerBuilder builder =
        HttpMessageConverters.forServer().registerDefaults();
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    List<HttpMessageConverter<?>> converters = new ArrayList<>();
    builder.build().forEach(converters::add);
    return converters;
  }

  private static List<Class<? extends Annotation>> stereotypes(@Nullable ClassLoader loader) {
    boolean isAlone =
        OTHER_FRAMEWORKS.stream().noneMatch(name -> ClassUtils.isPresent(name, loader));
    return isAlone
        ? List.of(HttpKitController.class, Controller.class)
        : List.of(HttpKitController.class);
  }

  /** As the server does it for handlers that throw. */
  private static void report(
      Request request, Throwable thrown, ObjectProvider<ServerConfig> config) {
    logger.error("The handler of " + request.method() + " " + request.path() + " failed", thrown);
    for (ServerEvents listener : config.getObject().events()) {
      try {
        listener.onError(request, thrown);
      } catch (RuntimeException e) {
        logger.error("A listener failed", e);
      }
    }
  }
}
