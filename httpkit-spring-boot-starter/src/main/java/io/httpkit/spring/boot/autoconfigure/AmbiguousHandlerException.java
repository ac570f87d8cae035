package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.diagnostics.ExplainedFailure;
import io.httpkit.spring.boot.diagnostics.SetProperties;
import java.util.Collection;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Several beans could answer the requests that no route takes. */
final class AmbiguousHandlerException extends RuntimeException implements ExplainedFailure {
  private static final long serialVersionUID = 1L;

  private static final String ACTION =
      """
      Choose the one that answers what no route takes, in one of these ways:
          - mark it with @Primary
          - make a Router bean in which the handlers are routes
          - declare handlers that are only parts of routes with @Bean(defaultCandidate = false)""";

  private final String beanNames;

  AmbiguousHandlerException(Collection<String> beanNames) {
    super("several Handler beans, none of them primary: " + String.join(", ", beanNames));
    this.beanNames = String.join("\n    - ", beanNames);
  }

  /** Which beans compete, and how to choose one. */
  @Override
  public FailureAnalysis explain(SetProperties properties) {
    return new FailureAnalysis(
        "The HTTP server needs one handler, but found several beans:\n\n    - " + beanNames,
        ACTION,
        this);
  }
}
