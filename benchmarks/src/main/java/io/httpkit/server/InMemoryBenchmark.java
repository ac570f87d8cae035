package io.httpkit.server;

import io.httpkit.benchmarks.Heads;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.Ticker;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * All that this library does between a read and the write that answers it, without the kernel. One
 * connection gives one message in each read, another one sixteen.
 */
@State(Scope.Thread)
public abstract class InMemoryBenchmark {
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private EventLoop loop;
  private IoLoop io;
  private MemoryChannel one;
  private MemoryChannel sixteen;
  private Connection single;
  private Connection pipelined;

  /** So many messages, as they come. */
  abstract ByteBuffer messages(int count);

  /** Whether this is what so many messages are answered with. */
  abstract boolean isAnswer(String written, int count);

  /** Answers requests before a connection is another protocol's. */
  abstract Handler handler();

  /** Not opened but given to its protocol, as opening would put the channel into a selector. */
  abstract Connection open(IoLoop io, MemoryChannel channel, LoopContext context);

  @Setup
  public void open() throws IOException {
    loop = new EventLoop(Ticker.SYSTEM, TICK_NANOS, InMemoryBenchmark::fail);
    LoopContext context = Contexts.of(handler(), loop);
    io = new IoLoop(loop, Long.MAX_VALUE, Long.MAX_VALUE);
    one = new MemoryChannel(messages(1));
    sixteen = new MemoryChannel(messages(Heads.PIPELINED));
    loop.runOnce();
    single = open(io, one, context);
    pipelined = open(io, sixteen, context);
    expectAnswers(single, one, 1);
    expectAnswers(pipelined, sixteen, Heads.PIPELINED);
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(cause);
  }

  private void expectAnswers(Connection connection, MemoryChannel channel, int count)
      throws IOException {
    StringBuilder written = new StringBuilder();
    channel.copyTo(written);
    connection.onReadable();
    io.writeCollected();
    channel.copyTo(null);
    if (!isAnswer(written.toString(), count)) {
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

  /** One message in each read. */
  @Benchmark
  public long single() throws IOException {
    single.onReadable();
    io.writeCollected();
    return one.written();
  }

  /** Sixteen messages in each read. */
  @Benchmark
  @OperationsPerInvocation(Heads.PIPELINED)
  public long pipelined() throws IOException {
    pipelined.onReadable();
    io.writeCollected();
    return sixteen.written();
  }
}
