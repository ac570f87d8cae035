package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.content.ContentCoding;
import io.httpkit.internal.codec.content.ContentDecoder;
import io.httpkit.internal.codec.content.ContentLimits;
import io.httpkit.internal.codec.content.InflatingInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the coding off bodies, however they are read. */
final class ContentStreams {
  private ContentStreams() {}

  private static ContentDecoder decoder(ContentCoding coding, long limit) {
    return ContentDecoder.of(coding, ContentLimits.of(limit));
  }

  private static ClientException refused(String url, long limit, BadMessageException cause) {
    if (cause.status().equals(Status.CONTENT_TOO_LARGE)) {
      return BodyCollector.tooLarge(limit, url);
    }
    return new ClientException(
        Kind.RESPONSE_BODY,
        "the body of the response of " + url + " cannot be decompressed: " + cause.getMessage(),
        cause);
  }

  /** All of a body that was collected. */
  static byte[] decoded(ContentCoding coding, byte[] bytes, int length, long limit, String url)
      throws ClientException {
    long bound = Math.min(limit, BodyCollector.MAX_CAPACITY);
    ByteArrayOutputStream out = new ByteArrayOutputStream(firstCapacity(length, bound));
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    try (ContentDecoder decoder = decoder(coding, bound)) {
      for (ByteBuffer piece = decoder.decode(in); piece != null; piece = decoder.decode(in)) {
        byte[] some = new byte[piece.remaining()];
        piece.get(some);
        out.write(some, 0, some.length);
      }
      decoder.end();
    } catch (BadMessageException e) {
      throw refused(url, bound, e);
    }
    return out.toByteArray();
  }

  /**
   * How many bytes to begin with, for a body that comes compressed: what most grow to, but no more
   * than may come of it.
   *
   * @param length as it came
   * @param limit as it is decoded; no more than an array may have
   */
  static int firstCapacity(int length, long limit) {
    return (int) Math.min(2L * length, limit);
  }

  /** A body that is read as a stream. */
  static InputStream decoded(InputStream coded, ContentCoding coding, long limit, String url) {
    return coding == ContentCoding.IDENTITY
        ? coded
        : new InflatingInputStream(
            coded, decoder(coding, limit), refusal -> refused(url, limit, refusal));
  }

  /** A body that is read piece by piece. */
  static PieceSource decoded(PieceSource coded, ContentCoding coding, long limit, String url) {
    return coding == ContentCoding.IDENTITY ? coded : new DecodedPieces(coded, coding, limit, url);
  }

  /** The pieces of a body without its coding. */
  private static final class DecodedPieces implements PieceSource {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PieceSource coded;
    private final ContentDecoder decoder;
    private final long limit;
    private final String url;
    private ByteBuffer in = NOTHING;

    /** Made to see whether there is more, before it was asked for. */
    private @Nullable ByteBuffer ahead;

    DecodedPieces(PieceSource coded, ContentCoding coding, long limit, String url) {
      this.coded = coded;
      this.decoder = decoder(coding, limit);
      this.limit = limit;
      this.url = url;
    }

    @Override
    public @Nullable ByteBuffer poll() throws ClientException {
      ByteBuffer next = ahead == null ? decode() : ahead;
      ahead = null;
      return next;
    }

    private @Nullable ByteBuffer decode() throws ClientException {
      try {
        while (true) {
          ByteBuffer piece = decoder.decode(in);
          if (piece != null) {
            // it is the decoder's again with its next call
            return ByteBuffer.allocate(piece.remaining()).put(piece).flip();
          }
          ByteBuffer next = coded.poll();
          if (next == null) {
            return null;
          }
          in = next;
        }
      } catch (BadMessageException e) {
        throw refused(url, limit, e);
      }
    }

    /** Only the decoder knows, and only when it has made all that it can. */
    @Override
    public boolean isAtEnd() throws ClientException {
      if (ahead == null) {
        ahead = decode();
      }
      if (ahead != null || !coded.isAtEnd()) {
        return false;
      }
      try {
        decoder.end();
        return true;
      } catch (BadMessageException e) {
        throw refused(url, limit, e);
      }
    }

    @Override
    public void close() {
      decoder.close();
      coded.close();
    }
  }
}
