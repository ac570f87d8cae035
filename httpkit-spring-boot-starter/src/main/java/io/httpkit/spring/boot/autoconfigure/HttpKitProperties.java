package io.httpkit.spring.boot.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.web.server.Ssl;
import org.springframework.util.unit.DataSize;

/**
 * The {@code httpkit.*} properties.
 *
 * @param enabled Whether the application has a server.
 * @param autoStartup Whether the server starts together with the application context.
 * @param ip Address to listen on: IPv4, IPv6 or a host name. When unset, server.address is used,
 *     and without that all addresses.
 * @param port Port to listen on: 0 is any free one, -1 is not to listen. When unset, server.port is
 *     used, and without that 8090. Beside a servlet container the server exists only if this is
 *     set.
 * @param unixSocket Path of a Unix domain socket to listen on, in place of an address and a port.
 * @param backlog Connections the system keeps until they are accepted.
 * @param loops Event loop threads. When unset, one for each core.
 * @param thread Worker threads that run handlers. Not used with virtual threads.
 * @param workerNamePrefix What the names of worker threads begin with.
 * @param queueSize Requests that may wait for a worker thread, or with virtual threads be in
 *     progress. More are answered 503.
 * @param virtualThreads Whether each request is handled on a virtual thread of its own, which needs
 *     Java 21. When unset, as spring.threads.virtual.enabled says.
 * @param maxBody Longest request body. A longer one is answered 413.
 * @param maxLine Longest request line and longest header line. A longer request line is answered
 *     414, a longer header line 431. When unset, server.max-http-request-header-size is used if
 *     that is set.
 * @param maxHeaderBytes Size of all header lines of a request together, and of all its trailers.
 *     More is answered 431. When unset, server.max-http-request-header-size is used if that is set.
 * @param maxHeaders Number of header lines of a request. More are answered 431.
 * @param maxResponseHeaderBytes Size of the head of a response. A response with more becomes a 500.
 * @param maxChunkExtensionBytes Size of all chunk extensions of a request body together. More is
 *     answered 400.
 * @param maxParameters Number of parameters of a query or a form. More are answered 400.
 * @param maxCookies Number of cookies of a request. More are answered 400.
 * @param maxConnections Number of open connections. At this number no more are accepted until one
 *     is closed.
 * @param minBodyRate Least size per second that a request body must come in with on average, once
 *     it has taken longer than body-timeout. A slower one is answered 408; 0 allows any.
 * @param headTimeout Time in which the head of a request must be complete. Later it is answered
 *     408.
 * @param bodyTimeout Time between two pieces of a request body. Later it is answered 408.
 * @param idleTimeout Time between two requests of a connection before it is closed.
 * @param writeTimeout Time in which a client must take some of a response before its connection is
 *     closed.
 * @param lingerTimeout Time in which what a client still sends is read and dropped behind an answer
 *     that closes its connection.
 * @param handshakeTimeout Time in which a TLS handshake must be complete, from the connection on.
 * @param strictSni Whether clients are refused that come for none of ssl.server-name-bundles, or do
 *     not say for which host they come. Needs TLS.
 * @param ssl How TLS is spoken. When no property of it is set, server.ssl is used.
 * @param channels How channels behave.
 * @param serverHeader Value of the Server header of responses. Empty is to send none. When unset,
 *     server.server-header is used if that is set.
 */
@ConfigurationProperties("httpkit")
public record HttpKitProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("true") boolean autoStartup,
    @Nullable String ip,
    @Nullable Integer port,
    @Nullable String unixSocket,
    @DefaultValue("4096") int backlog,
    @Nullable Integer loops,
    @DefaultValue("4") int thread,
    @DefaultValue("worker-") String workerNamePrefix,
    @DefaultValue("20480") int queueSize,
    @Nullable Boolean virtualThreads,
    @DefaultValue("8MB") DataSize maxBody,
    @Nullable DataSize maxLine,
    @Nullable DataSize maxHeaderBytes,
    @DefaultValue("200") int maxHeaders,
    @DefaultValue("64KB") DataSize maxResponseHeaderBytes,
    @DefaultValue("8KB") DataSize maxChunkExtensionBytes,
    @DefaultValue("1000") int maxParameters,
    @DefaultValue("200") int maxCookies,
    @DefaultValue("65536") int maxConnections,
    @DefaultValue("128B") DataSize minBodyRate,
    @DefaultValue("10s") Duration headTimeout,
    @DefaultValue("30s") Duration bodyTimeout,
    @DefaultValue("60s") Duration idleTimeout,
    @DefaultValue("60s") Duration writeTimeout,
    @DefaultValue("2s") Duration lingerTimeout,
    @DefaultValue("10s") Duration handshakeTimeout,
    @DefaultValue("false") boolean strictSni,
    @NestedConfigurationProperty @Nullable Ssl ssl,
    @NestedConfigurationProperty @DefaultValue ChannelProperties channels,
    @Nullable String serverHeader) {}
