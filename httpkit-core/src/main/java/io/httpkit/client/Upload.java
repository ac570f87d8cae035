package io.httpkit.client;

import io.httpkit.http.Body;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.Flow;

/** The body of a request. */
sealed interface Upload {
  /** Whether it can be sent a second time, for a redirect or a retry. */
  boolean isRepeatable();

  /** A body that is there. */
  record Whole(Body body) implements Upload {
    @Override
    public boolean isRepeatable() {
      if (body instanceof Body.Parts parts) {
        return parts.parts() instanceof Collection<?> all
            && all.stream().noneMatch(InputStream.class::isInstance);
      }
      return !(body instanceof Body.Stream);
    }
  }

  /** Several parts, made into a body each time they are sent. */
  record Several(Multipart multipart) implements Upload {
    @Override
    public boolean isRepeatable() {
      return multipart.isRepeatable();
    }
  }

  /**
   * A body that comes piece by piece, no faster than the peer takes it.
   *
   * @param length in bytes, negative if only the end will tell
   */
  record Published(Flow.Publisher<ByteBuffer> publisher, long length) implements Upload {
    @Override
    public boolean isRepeatable() {
      return false;
    }
  }
}
