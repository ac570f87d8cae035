package io.httpkit.benchmarks;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.DefaultFields;
import io.httpkit.internal.codec.http1.Http1Encoder;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the head of a response to its bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HeadEncodingBenchmark {
  private final DefaultFields defaults =
      new DefaultFields("Thu, 01 Jan 2026 00:00:00 GMT", "http-kit");
  private final Headers one = Headers.of("Content-Type", "text/plain");
  private final Headers several =
      Headers.of(
          "Content-Type", "text/html; charset=utf-8",
          "Cache-Control", "private, max-age=0, must-revalidate",
          "ETag", "\"33a64df551425fcc55e4d42a148795d9f25f89d4\"",
          "Vary", "Accept-Encoding, Cookie",
          "Set-Cookie", "session=8d7f3a52c1b94e0fa6e1b3c7d9024f68; Path=/; HttpOnly; SameSite=Lax",
          "X-Content-Type-Options", "nosniff");
  private final ByteBuffer out = ByteBuffer.allocate(32 * 1024);

  @Setup
  public void check() {
    expectStart(plaintext(), "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n");
    expectStart(notFound(), "HTTP/1.1 404 Not Found\r\n");
    expectStart(severalHeaders(), "HTTP/1.1 200 OK\r\nContent-Type: text/html");
  }

  private void expectStart(int length, String start) {
    String head = new String(out.array(), 0, length, StandardCharsets.US_ASCII);
    if (!head.startsWith(start) || !head.endsWith("\r\n\r\n")) {
      throw new IllegalStateException("wrong head: " + head);
    }
  }

  private int encode(Status status, Headers headers, long length) {
    Http1Encoder.head(out.clear(), status, headers, defaults, length, Persistence.IMPLICIT);
    return out.position();
  }

  /** 200 with a content type. */
  @Benchmark
  public int plaintext() {
    return encode(Status.OK, one, 13);
  }

  /** 404 without a header of the application's. */
  @Benchmark
  public int notFound() {
    return encode(Status.NOT_FOUND, Headers.empty(), 0);
  }

  /** 200 with six headers, in chunks. */
  @Benchmark
  public int severalHeaders() {
    return encode(Status.OK, several, Http1Encoder.CHUNKED);
  }
}
