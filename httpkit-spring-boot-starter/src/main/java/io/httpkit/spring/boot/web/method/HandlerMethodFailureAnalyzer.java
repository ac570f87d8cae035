package io.httpkit.spring.boot.web.method;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which method cannot be a handler, why, and what to write instead. */
final class HandlerMethodFailureAnalyzer extends AbstractFailureAnalyzer<HandlerMethodException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, HandlerMethodException cause) {
    return new FailureAnalysis(
        "The method%n%n    %s%n%n%s.".formatted(cause.method(), cause.problem()),
        cause.action(),
        cause);
  }
}
