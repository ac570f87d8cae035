package io.httpkit.internal.net;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection over a {@link MemoryChannel}, whose loop turns when the test says so. */
final class Wire implements AutoCloseable {
  static final long TICK = 1_000;
  static final long WRITE_NANOS = 5_000;
  static final long LINGER_NANOS = 3_000;

  final FakeTicker ticker = new FakeTicker(Long.MAX_VALUE - TICK);
  final List<Throwable> errors = new CopyOnWriteArrayList<>();
  final EventLoop loop;
  final MemoryChannel channel = new MemoryChannel();
  final ScriptedProtocol protocol = new ScriptedProtocol();
  final Connection connection;
  final WriteQueue output;

  Wire() {
    try {
      loop = new EventLoop(ticker, TICK, errors::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connection = new Connection(new IoLoop(loop, WRITE_NANOS, LINGER_NANOS), channel, protocol);
    output = connection.output();
    protocol.onOpen(connection);
  }

  /** Makes this thread the loop's; before that, it is any other. */
  Wire inLoop() {
    loop.runOnce();
    return this;
  }

  void turn() {
    loop.runOnce();
  }

  /** One read, as the loop does it when there is something to read. */
  void receive(String bytes) {
    channel.receive(bytes);
    read();
  }

  /** The peer ends. */
  void receiveEnd() {
    channel.endInput();
    read();
  }

  void read() {
    try {
      connection.onReadable();
    } catch (IOException | RuntimeException e) {
      connection.onFailure(e);
    }
    connection.io().writeCollected();
  }

  /** There is room to write. */
  void writable() {
    connection.onWritable();
  }

  void tickAfter(long nanos) {
    ticker.advance(nanos);
    connection.onTick(ticker.nanoTime());
  }

  boolean write(String bytes) {
    return output.write(bytes(bytes));
  }

  /** Writes by way of a buffer of the queue. */
  boolean commit(String bytes) {
    ByteBuffer buffer = output.begin(bytes.length());
    return output.commit(buffer.put(bytes(bytes)));
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Does this on another thread, to its end. */
  static void elsewhere(Runnable action) {
    Thread thread = new Thread(action, "elsewhere");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    turn();
    connection.close(null);
    loop.close();
    turn();
  }
}
