package io.httpkit.client;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the pieces of a body come from, without waiting for them. One thread at a time. */
interface PieceSource {
  /**
   * The next piece; null when there is none now, or will be none.
   *
   * @throws ClientException if there will be no more, but should be
   */
  @Nullable ByteBuffer poll() throws ClientException;

  /**
   * Whether all was taken.
   *
   * @throws ClientException if there will be no more, but should be
   */
  boolean isAtEnd() throws ClientException;

  /** Lets go of what is left. */
  void close();
}
