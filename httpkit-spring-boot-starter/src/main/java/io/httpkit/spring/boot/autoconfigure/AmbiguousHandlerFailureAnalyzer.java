package io.httpkit.spring.boot.autoconfigure;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which handler beans compete and how to choose one. */
final class AmbiguousHandlerFailureAnalyzer
    extends AbstractFailureAnalyzer<AmbiguousHandlerException> {
  private static final String ACTION =
      """
      Choose the one that answers what no route takes, in one of these ways:
          - mark it with @Primary
          - make a Router bean in which the handlers are routes
          - declare handlers that are only parts of routes with @Bean(defaultCandidate = false)""";

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousHandlerException cause) {
    String beans =
        cause.beanNames().stream().map(name -> "    - " + name).collect(Collectors.joining("\n"));
    return new FailureAnalysis(
        "The HTTP server needs one handler, but found several beans:\n\n" + beans, ACTION, cause);
  }
}
