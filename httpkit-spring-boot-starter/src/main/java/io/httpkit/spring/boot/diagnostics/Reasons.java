package io.httpkit.spring.boot.diagnostics;

/** Why something failed, in a line. */
public final class Reasons {
  private Reasons() {}

  /** What the failure and its causes say, each but once. */
  public static String of(Throwable failure) {
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
