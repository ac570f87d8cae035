package io.httpkit.client;

import io.httpkit.client.ClientConfig.Timeouts;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options that each request may have of its own. Copied before it is changed. */
final class RequestOptions implements Cloneable {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofSeconds(60);

  Timeouts timeouts =
      new Timeouts(TEN_SECONDS, TEN_SECONDS, Duration.ofSeconds(30), MINUTE, MINUTE, Duration.ZERO);
  RedirectPolicy redirects = new RedirectPolicy(true, 10, false);
  boolean compression = true;
  boolean retry = true;
  RetryPolicy retryPolicy = RetryPolicy.IDEMPOTENT;
  boolean keepAlive = true;
  boolean expectContinue;

  /** Of a body that is collected. */
  long maxBody = 64 * 1024 * 1024;

  /** Of a body that is streamed. */
  long maxStreamedBody = Long.MAX_VALUE;

  ProxyRules proxies = ProxyRules.DIRECT;
  ClientTls tls = ClientTls.DEFAULTS;
  @Nullable SocketAddress address;

  /** Not sent; for those who count requests. */
  @Nullable String uriTemplate;

  RequestOptions copy() {
    try {
      return (RequestOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  void followRedirects(boolean value) {
    redirects = new RedirectPolicy(value, redirects.max(), redirects.keepsUnsafeMethods());
  }

  void maxRedirects(int value) {
    redirects = new RedirectPolicy(redirects.isFollowing(), value, redirects.keepsUnsafeMethods());
  }

  void unsafeRedirects(boolean value) {
    redirects = new RedirectPolicy(redirects.isFollowing(), redirects.max(), value);
  }

  void proxy(@Nullable Proxy value) {
    proxies = value == null ? ProxyRules.DIRECT : ProxyRules.of(value);
  }

  void connectTimeout(Duration value) {
    Timeouts old = timeouts;
    timeouts =
        new Timeouts(value, old.tls(), old.acquire(), old.firstByte(), old.idle(), old.total());
  }

  void tlsTimeout(Duration value) {
    Timeouts old = timeouts;
    timeouts =
        new Timeouts(old.connect(), value, old.acquire(), old.firstByte(), old.idle(), old.total());
  }

  void acquireTimeout(Duration value) {
    Timeouts old = timeouts;
    timeouts =
        new Timeouts(old.connect(), old.tls(), value, old.firstByte(), old.idle(), old.total());
  }

  void firstByteTimeout(Duration value) {
    Timeouts old = timeouts;
    timeouts =
        new Timeouts(old.connect(), old.tls(), old.acquire(), value, old.idle(), old.total());
  }

  void idleTimeout(Duration value) {
    Timeouts old = timeouts;
    timeouts =
        new Timeouts(old.connect(), old.tls(), old.acquire(), old.firstByte(), value, old.total());
  }

  void totalTimeout(Duration value) {
    Timeouts old = timeouts;
    timeouts =
        new Timeouts(old.connect(), old.tls(), old.acquire(), old.firstByte(), old.idle(), value);
  }
}
