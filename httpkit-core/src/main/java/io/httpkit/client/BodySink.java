package io.httpkit.client;

import io.httpkit.http.Headers;
import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;

/** Takes the body of one response, on the loop. */
@LoopConfined
interface BodySink {
  /** There is no body, as the connection is another protocol's. */
  BodySink UPGRADED =
      new BodySink() {
        @Override
        public boolean onContent(ByteBuffer bytes) {
          throw new IllegalStateException("the connection is another protocol's");
        }

        @Override
        public void complete() {}

        @Override
        public void fail(ClientException cause) {}
      };

  /**
   * The next bytes, valid until the method returns.
   *
   * @return whether to go on; if not, the exchange is to be resumed
   * @throws ClientException if there are more than allowed
   */
  boolean onContent(ByteBuffer bytes) throws ClientException;

  /** All has come. To be followed by {@link #complete} when the connection is free. */
  default void onEnd(Headers trailers) throws ClientException {}

  /** Tells who waits for the body that all has come. */
  void complete();

  /** No more will come. */
  void fail(ClientException cause);
}
