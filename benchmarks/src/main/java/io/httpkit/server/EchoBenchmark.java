package io.httpkit.server;

import io.httpkit.benchmarks.websocket.ClientFrames;
import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.Ticker;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.net.NetTimeouts;
import io.httpkit.internal.websocket.WebSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
 * All that this library does for a WebSocket message that is sent back, from the read to the write,
 * without the kernel: decode, call the listener on the loop, encode. One operation is one message
 * of 64 bytes of text.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EchoBenchmark {
  private static final int MESSAGES = 16;
  private static final String TEXT = "0123456789abcdef".repeat(4);
  private static final String ANSWER = "\u0081" + (char) TEXT.length() + TEXT;
  private static final int FIN_TEXT = 0x81;
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final NetTimeouts TIMEOUTS = new NetTimeouts(Long.MAX_VALUE, Long.MAX_VALUE);

  private EventLoop loop;
  private MemoryChannel one;
  private MemoryChannel sixteen;
  private Connection single;
  private Connection pipelined;

  /** Sends back what comes. */
  private static final class Echo implements ChannelListener {
    @Override
    public void onText(AsyncChannel channel, String text) {
      channel.send(text);
    }

    @Override
    public boolean isNonBlocking() {
      return true;
    }
  }

  @Setup
  public void open() throws IOException {
    loop = new EventLoop(Ticker.SYSTEM, TICK_NANOS, EchoBenchmark::fail);
    LoopContext context = Contexts.of(request -> Response.text(""), loop);
    IoLoop io = new IoLoop(loop, TIMEOUTS);
    one = new MemoryChannel(messages(1));
    sixteen = new MemoryChannel(messages(MESSAGES));
    loop.runOnce();
    single = open(io, one, context);
    pipelined = open(io, sixteen, context);
    expectAnswers(single, one, 1);
    expectAnswers(pipelined, sixteen, MESSAGES);
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(cause);
  }

  private static ByteBuffer messages(int count) {
    ByteBuffer frame = ClientFrames.frame(FIN_TEXT, TEXT.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer frames = ByteBuffer.allocateDirect(count * frame.remaining());
    for (int i = 0; i < count; i++) {
      frames.put(frame.duplicate());
    }
    return frames.flip();
  }

  /** Not opened but given to its protocol, as opening would put the channel into a selector. */
  private static Connection open(IoLoop io, MemoryChannel socket, LoopContext context) {
    Connection connection = new Connection(io, socket, new Http1ServerProtocol(context));
    WebSocketChannel channel =
        WebSocketChannel.server(
            context.channels(), ChannelOptions.DEFAULTS, connection, new Echo(), null, null);
    channel.open();
    connection.switchTo(channel.session());
    channel.tellOpen(true);
    return connection;
  }

  private static void expectAnswers(Connection connection, MemoryChannel socket, int count)
      throws IOException {
    StringBuilder written = new StringBuilder();
    socket.copyTo(written);
    connection.onReadable();
    socket.copyTo(null);
    if (!written.toString().equals(ANSWER.repeat(count))) {
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
    return one.written();
  }

  /** Sixteen messages in each read. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public long pipelined() throws IOException {
    pipelined.onReadable();
    return sixteen.written();
  }
}
