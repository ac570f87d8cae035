package io.httpkit.spring.boot.web.method;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which method or class cannot be a handler, why, and what to write instead. */
final class HandlerMethodFailureAnalyzer extends AbstractFailureAnalyzer<HandlerMethodException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, HandlerMethodException cause) {
    return new FailureAnalysis(cause.description(), cause.action(), cause);
  }
}
