package io.httpkit.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The {@code httpkit.client.*} properties.
 *
 * @param loops Event loop threads of the client. When unset, one for every two cores.
 * @param threads Threads that run callbacks of the client, at most. When unset, two a core and at
 *     least 4.
 * @param virtualThreads Whether callbacks run on virtual threads, which needs Java 21. They cost
 *     more than the threads there are otherwise, and may wait.
 * @param deadlockGuard Whether waiting for a response in a callback of the client fails at once, as
 *     it could wait for ever.
 * @param connectTimeout Time until a new connection is there, a proxy's answer included. 0 is no
 *     limit.
 * @param tlsTimeout Time in which a TLS handshake must be complete.
 * @param acquireTimeout Time to wait for a connection while as many as allowed are in use. 0 is no
 *     limit.
 * @param firstByteTimeout Time from a request on its way until the head of its response. 0 is no
 *     limit.
 * @param idleTimeout Time without a byte coming or going before a request fails. 0 is no limit.
 * @param totalTimeout Time for all of a request, redirects and retries included. 0 is no limit.
 * @param maxConnections Number of connections in all.
 * @param maxConnectionsPerOrigin Number of connections to one scheme, host and port.
 * @param maxWaiting Number of requests that wait for a connection. More fail at once.
 * @param keepAlive Time that an idle connection is kept, unless the server says less. 0 is to use
 *     no connection twice.
 * @param maxConnectionAge Time after which a connection is not used again. 0 is no limit.
 * @param maxLine Longest header line of a response.
 * @param maxHeaderBytes Size of all header lines of a response together, and of all its trailers.
 * @param maxHeaders Number of header lines of a response.
 * @param maxBody Longest body of a response that is collected, as it comes and when it is
 *     decompressed.
 * @param followRedirects Whether redirects are followed.
 * @param maxRedirects Number of redirects that are followed for one request.
 * @param compression Whether compressed responses are asked for, and decompressed.
 * @param retry Whether an idempotent request is sent once more if its connection turns out to have
 *     been closed by the server while it was idle.
 * @param cookies Whether cookies are kept in memory, and sent with the requests they belong to.
 * @param userAgent Value of the User-Agent header of requests that have none. Empty is to send
 *     none.
 * @param bindAddress Local address of connections, an IP address or a host name. When unset, any.
 * @param proxy Which requests go through a proxy.
 * @param ssl How TLS is spoken.
 * @param channels How WebSockets behave.
 */
@ConfigurationProperties("httpkit.client")
public record HttpKitClientProperties(
    @Nullable Integer loops,
    @Nullable Integer threads,
    @DefaultValue("false") boolean virtualThreads,
    @DefaultValue("true") boolean deadlockGuard,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("10s") Duration tlsTimeout,
    @DefaultValue("30s") Duration acquireTimeout,
    @DefaultValue("60s") Duration firstByteTimeout,
    @DefaultValue("60s") Duration idleTimeout,
    @DefaultValue("0s") Duration totalTimeout,
    @DefaultValue("1000") int maxConnections,
    @DefaultValue("100") int maxConnectionsPerOrigin,
    @DefaultValue("10000") int maxWaiting,
    @DefaultValue("30s") Duration keepAlive,
    @DefaultValue("0s") Duration maxConnectionAge,
    @DefaultValue("16192B") DataSize maxLine,
    @DefaultValue("64KB") DataSize maxHeaderBytes,
    @DefaultValue("200") int maxHeaders,
    @DefaultValue("64MB") DataSize maxBody,
    @DefaultValue("true") boolean followRedirects,
    @DefaultValue("10") int maxRedirects,
    @DefaultValue("true") boolean compression,
    @DefaultValue("true") boolean retry,
    @DefaultValue("false") boolean cookies,
    @DefaultValue("http-kit") String userAgent,
    @Nullable String bindAddress,
    @DefaultValue Proxy proxy,
    @DefaultValue Ssl ssl,
    @NestedConfigurationProperty @DefaultValue ClientChannelProperties channels) {

  /**
   * The {@code httpkit.client.proxy.*} properties.
   *
   * @param url URL of the proxy for all requests: http, https or socks5, a host and a port.
   * @param username Who asks the proxy.
   * @param password Password of the one who asks the proxy.
   * @param noProxy Hosts, addresses and networks that are reached directly.
   * @param tunnel Whether requests for plain http go through a tunnel too.
   * @param fromEnvironment Whether HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY of the
   *     environment say which proxy to use, when no URL is set.
   */
  public record Proxy(
      @Nullable String url,
      @Nullable String username,
      @Nullable String password,
      @DefaultValue List<String> noProxy,
      @DefaultValue("false") boolean tunnel,
      @DefaultValue("false") boolean fromEnvironment) {}

  /**
   * The {@code httpkit.client.ssl.*} properties.
   *
   * @param bundle Name of the SSL bundle with the trust of the client, its key if it has one, and
   *     what it agrees to. When unset, the trust of the JVM. When the bundle is updated, new
   *     connections use it.
   * @param insecure Whether any certificate is taken, for any host, so that whoever is in between
   *     can read and change everything. For tests.
   */
  public record Ssl(@Nullable String bundle, @DefaultValue("false") boolean insecure) {}
}
