package io.httpkit.server;

import io.httpkit.benchmarks.Heads;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.Ticker;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.net.NetTimeouts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * All that this library does for a request, from the read to the write, without the kernel: decode,
 * route, handle on the loop, encode. One operation is one request.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ExchangeBenchmark {
  private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
  private static final Headers TEXT = Headers.of("Content-Type", "text/plain");
  private static final Pattern ANSWER =
      Pattern.compile(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/plain\r
          Server: http-kit\r
          Date: [^\r]{29}\r
          Content-Length: 13\r
          \r
          Hello, World!""");
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final NetTimeouts TIMEOUTS = new NetTimeouts(Long.MAX_VALUE, Long.MAX_VALUE);

  private EventLoop loop;
  private MemoryChannel one;
  private MemoryChannel sixteen;
  private Connection single;
  private Connection pipelined;

  @Setup
  public void open() throws IOException {
    Router router =
        Router.builder()
            .get("/plaintext", Handler.nonBlocking(request -> plaintext()))
            .get("/json", request -> Response.json("{}"))
            .post("/echo", request -> Response.bytes(request.bytes()))
            .build();
    loop = new EventLoop(Ticker.SYSTEM, TICK_NANOS, ExchangeBenchmark::fail);
    LoopContext context = Contexts.of(router, loop);
    IoLoop io = new IoLoop(loop, TIMEOUTS);
    String request = Heads.wrk("/plaintext");
    one = new MemoryChannel(Heads.direct(request));
    sixteen = new MemoryChannel(Heads.direct(request.repeat(Heads.PIPELINED)));
    loop.runOnce();
    single = open(io, one, context);
    pipelined = open(io, sixteen, context);
    expectAnswers(single, one, 1);
    expectAnswers(pipelined, sixteen, Heads.PIPELINED);
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(cause);
  }

  private static Response plaintext() {
    return Response.of(Status.OK, TEXT, Body.of(HELLO));
  }

  /** Not opened but given to its protocol, as opening would put the channel into a selector. */
  private static Connection open(IoLoop io, MemoryChannel channel, LoopContext context) {
    Http1ServerProtocol protocol = new Http1ServerProtocol(context);
    Connection connection = new Connection(io, channel, protocol);
    protocol.onOpen(connection);
    return connection;
  }

  private static void expectAnswers(Connection connection, MemoryChannel channel, int count)
      throws IOException {
    StringBuilder written = new StringBuilder();
    channel.copyTo(written);
    connection.onReadable();
    channel.copyTo(null);
    long answers = ANSWER.matcher(written).results().count();
    String rest = ANSWER.matcher(written).replaceAll("");
    if (answers != count || !rest.isEmpty()) {
      throw new IllegalStateException(count + " answers expected, not " + written);
    }
  }

  /** Makes the thread that is measured the loop's, which decides how answers are written. */
  @Setup(Level.Iteration)
  public void adopt() {
    loop.runOnce();
  }

  @TearDown
  public void close() {
    single.close(null);
    pipelined.close(null);
    loop.close();
    loop.runOnce();
  }

  /** One request in each read. */
  @Benchmark
  public long single() throws IOException {
    single.onReadable();
    return one.written();
  }

  /** Sixteen requests in each read. */
  @Benchmark
  @OperationsPerInvocation(Heads.PIPELINED)
  public long pipelined() throws IOException {
    pipelined.onReadable();
    return sixteen.written();
  }
}
