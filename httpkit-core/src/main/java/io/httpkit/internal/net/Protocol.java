package io.httpkit.internal.net;

import io.httpkit.internal.loop.LoopConfined;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Interprets the bytes of one connection. May be replaced at any time with {@link
 * Connection#switchTo}.
 */
@LoopConfined
public interface Protocol {
  /** The connection is this protocol's from now on. */
  void onOpen(Connection connection);

  /**
   * Consumes what it can. What is left stays with the connection and is offered again, together
   * with what has come in since, to whichever protocol is then current.
   */
  void onBytes(ByteBuffer in);

  /** The peer will send nothing more, but may still read. */
  void onEof();

  /**
   * Nothing that is written reaches the peer any more, which may have said something before. True
   * to go on reading until the connection ends, else it is closed.
   */
  default boolean onOutputFailed(IOException cause) {
    return false;
  }

  /** Called about once a tick, to look at deadlines. */
  void onTick(long nowNanos);

  /** The connection is wanted no longer: it is to be closed once what is in progress is done. */
  void onShutdown();

  /** The connection is closed. Called exactly once, last. */
  void onClosed(@Nullable Throwable cause);
}
