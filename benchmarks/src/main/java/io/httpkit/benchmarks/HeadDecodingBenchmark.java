package io.httpkit.benchmarks;

import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.codec.http1.Http1Event;
import io.httpkit.internal.codec.http1.Http1Limits;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** From the bytes of a request without a body to its head. One operation is one request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HeadDecodingBenchmark {
  private final Http1Decoder decoder =
      Http1Decoder.forRequests(new Http1Limits(8192, 65536, 200, 8192));
  private final ByteBuffer wrk = Heads.direct(Heads.wrk("/plaintext"));
  private final ByteBuffer browser = Heads.direct(Heads.browser("/users/17?tab=orders"));
  private final ByteBuffer pipelined =
      Heads.direct(Heads.wrk("/plaintext").repeat(Heads.PIPELINED));

  @Setup
  public void check() {
    expectHeaders(wrk, 1);
    expectHeaders(browser, 15);
  }

  private void expectHeaders(ByteBuffer in, int headers) {
    Http1Event event = decoder.next(in.rewind());
    if (!(event instanceof Http1Event.RequestHead head)
        || head.headers().size() != headers
        || in.hasRemaining()) {
      throw new IllegalStateException(headers + " headers expected in " + event);
    }
  }

  /** The head that wrk sends. */
  @Benchmark
  public @Nullable Object wrk() {
    return decoder.next(wrk.rewind());
  }

  /** A head with 15 header fields. */
  @Benchmark
  public @Nullable Object browser() {
    return decoder.next(browser.rewind());
  }

  /** Requests of wrk that came in one piece. */
  @Benchmark
  @OperationsPerInvocation(Heads.PIPELINED)
  public void pipelined(Blackhole sink) {
    pipelined.rewind();
    while (pipelined.hasRemaining()) {
      sink.consume(decoder.next(pipelined));
    }
  }
}
