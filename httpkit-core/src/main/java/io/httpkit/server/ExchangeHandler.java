package io.httpkit.server;

/** The engine's one entry: whatever the version of HTTP, each request comes through here. */
@FunctionalInterface
interface ExchangeHandler {
  /**
   * Begins to handle an exchange whose head has come. Called on the event loop, so it must not
   * wait.
   */
  void handle(Exchange exchange);
}
