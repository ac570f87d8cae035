package io.httpkit.server;

import io.httpkit.benchmarks.websocket.ClientFrames;
import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.websocket.WebSocketChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
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
public class EchoBenchmark extends InMemoryBenchmark {
  private static final String TEXT = "0123456789abcdef".repeat(4);
  private static final String ANSWER = "\u0081" + (char) TEXT.length() + TEXT;
  private static final int FIN_TEXT = 0x81;

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

  @Override
  Handler handler() {
    return request -> Response.text("");
  }

  @Override
  ByteBuffer messages(int count) {
    ByteBuffer frame = ClientFrames.frame(FIN_TEXT, TEXT.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer frames = ByteBuffer.allocateDirect(count * frame.remaining());
    for (int i = 0; i < count; i++) {
      frames.put(frame.duplicate());
    }
    return frames.flip();
  }

  @Override
  Connection open(IoLoop io, MemoryChannel socket, LoopContext context) {
    Connection connection = new Connection(io, socket, new Http1ServerProtocol(context));
    WebSocketChannel channel =
        WebSocketChannel.server(
            context, ChannelOptions.DEFAULTS, connection, new Echo(), null, null);
    channel.open();
    connection.switchTo(channel.session());
    channel.tellOpen(true);
    return connection;
  }

  @Override
  boolean isAnswer(String written, int count) {
    return written.equals(ANSWER.repeat(count));
  }
}
