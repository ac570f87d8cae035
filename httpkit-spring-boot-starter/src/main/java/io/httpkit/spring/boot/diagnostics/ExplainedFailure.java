package io.httpkit.spring.boot.diagnostics;

import org.springframework.boot.diagnostics.FailureAnalysis;

/** A failure to start that knows what is to be reported of it. */
public interface ExplainedFailure {
  /**
   * What is wrong, and what to do.
   *
   * @param properties what is configured
   */
  FailureAnalysis explain(SetProperties properties);
}
