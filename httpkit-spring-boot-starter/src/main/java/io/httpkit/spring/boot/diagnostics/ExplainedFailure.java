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

  /** Why something failed, in a line: what the failure and its causes say, each but once. */
  static String reasons(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && all.indexOf(message) < 0) {
        all.append(all.isEmpty() ? "" : ": ").append(message);
      }
    }
    return all.isEmpty() ? failure.getClass().getSimpleName() : all.toString();
  }
}
