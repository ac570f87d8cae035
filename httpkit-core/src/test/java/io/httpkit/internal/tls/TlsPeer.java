package io.httpkit.internal.tls;

import io.httpkit.internal.net.StageBuffers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;

/** A client by hand: it says as much of what it has to say as the test wants, and when. */
public final class TlsPeer implements AutoCloseable {
  private final SSLEngine engine;
  private final TlsStage stage;
  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
  private final StringBuilder received = new StringBuilder();

  /** What it has to say but has not said yet. */
  private ByteBuffer unsaid = ByteBuffer.allocate(0);

  private boolean saidAll;

  public TlsPeer(SSLEngine engine, SocketChannel channel) throws IOException {
    this.engine = engine;
    this.stage = new TlsStage(engine, new StageBuffers());
    this.channel = channel;
    channel.configureBlocking(false);
    engine.beginHandshake();
  }

  /** The first bytes of a handshake, at most so many. */
  public void sayHello(int bytes) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(32 * 1024);
    TlsStage.Step unused = stage.handshake(ByteBuffer.allocate(0), out);
    out.flip().limit(Math.min(bytes, out.limit()));
    channel.write(out);
  }

  /**
   * One step: says so many bytes, or reads. The text comes right behind the end of the handshake,
   * in the same bytes.
   *
   * @return whether all is said
   */
  public boolean shakeHands(String text, int bytes) {
    try {
      if (unsaid.hasRemaining()) {
        int length = Math.min(bytes, unsaid.remaining());
        channel.write(unsaid.slice(unsaid.position(), length));
        unsaid.position(unsaid.position() + length);
      } else if (!saidAll) {
        channel.read(in);
        unsaid = answer(text);
      }
      return saidAll && !unsaid.hasRemaining();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteBuffer answer(String text) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(64 * 1024);
    in.flip();
    TlsStage.Step step = stage.handshake(in, out);
    while (step == TlsStage.Step.TASKS) {
      engine.getDelegatedTask().run();
      step = stage.handshake(in, out);
    }
    in.compact();
    if (step == TlsStage.Step.DONE) {
      saidAll = true;
      stage.outbound(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), out);
    }
    return out.flip();
  }

  /** Reads what is there; true at the end. */
  public boolean readToEnd() {
    try {
      int count = channel.read(in);
      received.append(StandardCharsets.ISO_8859_1.decode(stage.inbound(in.flip())));
      in.clear();
      return count < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String received() {
    return received.toString();
  }

  /** Whether the other end said that it ends. */
  public boolean hasEnded() {
    return stage.hasEnded();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
