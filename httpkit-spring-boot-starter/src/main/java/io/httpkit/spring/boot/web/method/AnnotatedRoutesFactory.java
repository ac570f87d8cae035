package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ChannelGroups;
import io.httpkit.spring.boot.web.ResultResolver;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;

/** Puts together what turns annotated methods into routes. */
public final class AnnotatedRoutesFactory {
  private static final boolean HAS_VALIDATION =
      ClassUtils.isPresent(
          "jakarta.validation.Validator", AnnotatedRoutesFactory.class.getClassLoader());

  private final ConfigurableListableBeanFactory beans;
  private final List<HttpMessageConverter<?>> converters;
  private final ChannelGroups groups;
  private final BiConsumer<Request, Throwable> report;

  /**
   * With these parts.
   *
   * @param converters in the order in which they are asked
   * @param report told of each error that is answered with a 5xx status
   */
  public AnnotatedRoutesFactory(
      ConfigurableListableBeanFactory beans,
      List<HttpMessageConverter<?>> converters,
      ChannelGroups groups,
      BiConsumer<Request, Throwable> report) {
    this.beans = beans;
    this.converters = converters;
    this.groups = groups;
    this.report = report;
  }

  /**
   * Has what the router refuses by itself answered like what the handlers refuse.
   *
   * @param isPlain tells of paths, as they were sent, where it is left as the router does it
   */
  public RouterCustomizer refusals(Predicate<String> isPlain) {
    Problems problems = new Problems(new MessageWriter(converters), report);
    return routes ->
        routes.refusals(
            (request, refusal) ->
                isPlain.test(request.path())
                    ? refusal.asText()
                    : problems.answer(refusal, request));
  }

  /**
   * The routes of all beans with one of these annotations, and of all channel beans.
   *
   * @param stereotypes annotations of classes whose methods are looked at
   */
  public RouterCustomizer routes(List<Class<? extends Annotation>> stereotypes) {
    return routes -> customizers(stereotypes).forEach(each -> each.customize(routes));
  }

  /** Made only when the routes are wanted, as its parts ask for beans. */
  private List<RouterCustomizer> customizers(List<Class<? extends Annotation>> stereotypes) {
    MessageReader reader = new MessageReader(converters);
    MessageWriter writer = new MessageWriter(converters);
    Problems problems = new Problems(writer, report);
    UnaryOperator<String> placeholders = this::resolve;
    Results results =
        new Results(
            beans.getBeanProvider(ResultResolver.class).orderedStream().toList(),
            new StreamResults(writer, problems),
            writer,
            problems);
    HandlerMethods methods =
        new HandlerMethods(
            arguments(reader, placeholders),
            results,
            problems,
            HAS_VALIDATION ? validation() : null);
    return List.of(
        new AnnotatedRoutes(beans, stereotypes, methods, problems, placeholders),
        new ChannelRoutes(beans, methods, new Messages(reader, writer), problems, placeholders));
  }

  private String resolve(String text) {
    String resolved = beans.resolveEmbeddedValue(text);
    return resolved == null ? "" : resolved;
  }

  private List<ArgumentResolver> arguments(
      MessageReader reader, UnaryOperator<String> placeholders) {
    ApplicationConversionService conversion = new ApplicationConversionService();
    ApplicationConversionService.addBeans(conversion, beans);
    List<ArgumentResolver> resolvers =
        new ArrayList<>(beans.getBeanProvider(ArgumentResolver.class).orderedStream().toList());
    resolvers.add(new RequestTypes(groups));
    resolvers.add(new RequestBodies(reader));
    resolvers.add(new NamedValues(conversion, placeholders));
    resolvers.add(new BoundObjects(conversion));
    return resolvers;
  }

  /**
   * Several of which none is preferred stop the start, as none would mean that nothing is checked.
   */
  private @Nullable MethodValidationAdapter validation() {
    jakarta.validation.Validator validator =
        beans.getBeanProvider(jakarta.validation.Validator.class).getIfAvailable();
    return validator == null ? null : new MethodValidationAdapter(validator);
  }
}
