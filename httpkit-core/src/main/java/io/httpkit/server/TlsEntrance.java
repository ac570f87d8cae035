package io.httpkit.server;

import io.httpkit.http.Status;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import io.httpkit.internal.tls.TlsGreeting;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Lets the connections of one loop in over TLS, and HTTP/1.1 begin behind it. */
@LoopConfined
final class TlsEntrance implements TlsGreeting.Owner {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int IDLE_SECONDS = 5;

  private final LoopContext loop;
  private final Executor tasks;
  private final Supplier<ServerTls> tls;

  /**
   * @param tasks computes what takes long
   * @param tls asked for each connection, as it may be replaced
   */
  TlsEntrance(LoopContext loop, Executor tasks, Supplier<ServerTls> tls) {
    this.loop = loop;
    this.tasks = tasks;
    this.tls = tls;
  }

  /**
   * Computes the signatures of handshakes, so that event loops do not wait for them, and nor do
   * they for handlers that take long. Has threads only while there is something to compute. No
   * connection has more than one task, so there are no more of them than connections.
   */
  static ExecutorService tasks(int size) {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "http-kit-tls-" + count.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** What a new connection begins with. */
  Protocol greeting() {
    return new TlsGreeting(tasks, ServerContext.nanos(tls.get().handshakeTimeout()), this);
  }

  @Override
  public @Nullable SSLEngine engineFor(@Nullable String serverName) {
    return tls.get().engineFor(serverName);
  }

  /** Who speaks HTTP is told in HTTP. */
  @Override
  public ByteBuffer plaintextAnswer(ByteBuffer in) {
    byte first = in.get();
    if (first < 'A' || first > 'Z') {
      return NOTHING;
    }
    String text = "this port speaks HTTPS\n";
    String answer =
        "HTTP/1.1 "
            + Status.BAD_REQUEST
            + "\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: "
            + text.length()
            + "\r\n\r\n"
            + text;
    return ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public Protocol established(
      Connection connection, SSLSession session, String applicationProtocol) {
    loop.server().events().onTlsHandshake(connection.remoteAddress(), session);
    return new Http1ServerProtocol(loop);
  }

  @Override
  public void failed(Connection connection, Throwable cause) {
    loop.server().events().onTlsFailure(connection.remoteAddress(), cause);
  }

  @Override
  public void closed(Connection connection) {
    loop.server().closed(connection);
  }
}
