package io.httpkit.client;

import io.httpkit.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.Flow;

/** The body of a request. */
sealed interface Upload {
  /** Whether it can be sent a second time, for a redirect or a retry. */
  boolean isRepeatable();

  /** Closes what would have been read, as it is not to be sent. */
  void drop();

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

    @Override
    public void drop() {
      if (body instanceof Body.Stream some) {
        close(some.stream());
      } else if (body instanceof Body.Parts some && some.parts() instanceof Collection<?> all) {
        all.forEach(
            part -> {
              if (part instanceof InputStream stream) {
                close(stream);
              }
            });
      }
    }

    private static void close(InputStream stream) {
      try {
        stream.close();
      } catch (IOException e) {
        // nothing of it was wanted
      }
    }
  }

  /** Several parts, made into a body each time they are sent. */
  record Several(Multipart multipart) implements Upload {
    @Override
    public boolean isRepeatable() {
      return multipart.isRepeatable();
    }

    @Override
    public void drop() {
      multipart.abandon(new IOException("not sent"));
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

    @Override
    public void drop() {
      // nobody has subscribed
    }
  }
}
