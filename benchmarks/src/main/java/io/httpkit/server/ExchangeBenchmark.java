package io.httpkit.server;

import io.httpkit.benchmarks.Heads;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
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
public class ExchangeBenchmark extends InMemoryBenchmark {
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

  @Override
  Handler handler() {
    return Router.builder()
        .get("/plaintext", Handler.nonBlocking(request -> plaintext()))
        .get("/json", request -> Response.json("{}"))
        .post("/echo", request -> Response.bytes(request.bytes()))
        .build();
  }

  private static Response plaintext() {
    return Response.of(Status.OK, TEXT, Body.of(HELLO));
  }

  @Override
  ByteBuffer messages(int count) {
    return Heads.direct(Heads.wrk("/plaintext").repeat(count));
  }

  @Override
  Connection open(IoLoop io, MemoryChannel channel, LoopContext context) {
    Http1ServerProtocol protocol = new Http1ServerProtocol(context);
    Connection connection = new Connection(io, channel, protocol);
    protocol.onOpen(connection);
    return connection;
  }

  @Override
  boolean isAnswer(String written, int count) {
    return ANSWER.matcher(written).results().count() == count
        && ANSWER.matcher(written).replaceAll("").isEmpty();
  }
}
