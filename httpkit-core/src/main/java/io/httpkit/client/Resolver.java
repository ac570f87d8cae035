package io.httpkit.client;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Finds the addresses of a host. Called for each new connection whose host is not an address
 * already; it must not wait.
 */
@FunctionalInterface
public interface Resolver {
  /**
   * The addresses of this host, the preferred first; they are tried by turns of IPv6 and IPv4. A
   * failure, or no address at all, fails the request.
   */
  CompletionStage<List<InetAddress>> resolve(String host);
}
