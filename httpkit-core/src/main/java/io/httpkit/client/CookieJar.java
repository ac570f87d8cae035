package io.httpkit.client;

import java.util.List;
import java.util.Optional;

/**
 * Keeps the cookies that servers set, and gives those back that belong to a request.
 *
 * <p>Called on any thread, the threads of the client's loops among them, so it must not block. What
 * {@link #load} throws fails its request, what {@link #save} throws costs the cookies of a
 * response; both is told to {@link ClientEvents#onCallbackError}. RFC 6265 §5.
 */
public interface CookieJar {
  /**
   * What decides which cookies belong to a request.
   *
   * @param isSecure whether it is made over TLS
   * @param host in lower case and ASCII; an IPv6 address without brackets
   * @param path without the query; begins with a slash
   */
  record Target(boolean isSecure, String host, String path) {}

  /** The value of the {@code Cookie} field of a request; empty if no cookie belongs to it. */
  Optional<String> load(Target target);

  /**
   * Keeps what a response sets.
   *
   * @param setCookie the values of its {@code Set-Cookie} fields; malformed ones are passed over
   */
  void save(Target target, List<String> setCookie);

  /**
   * A jar in memory, by RFC 6265 with what RFC 6265bis adds: the prefixes {@code __Host-} and
   * {@code __Secure-}, and that what is not secure sets and replaces nothing that is.
   *
   * <p>It keeps 50 cookies of a domain and 3000 in all; those that were not used for longest go
   * first. A cookie of more than 4096 characters is not kept, none is kept for more than 400 days.
   *
   * <p>It has no list of public suffixes: a {@code Domain} without a dot inside, such as {@code
   * com}, is refused, but one such as {@code co.uk} is not, so servers of different owners below
   * such a suffix can set cookies for each other. Give each of them a jar of its own where that
   * matters.
   */
  static CookieJar inMemory() {
    return new MemoryCookieJar(System::currentTimeMillis);
  }
}
