package io.httpkit.internal.codec.http1;

/** How the end of a body is known. RFC 9112 §6.3. */
public sealed interface BodyFraming {
  /** There is no body. */
  BodyFraming NONE = new Fixed(0);

  /** The body comes in chunks, the last of which is empty. */
  BodyFraming CHUNKED = new Chunked();

  /** The body of a response that goes on until the server closes the connection. */
  BodyFraming UNTIL_CLOSE = new UntilClose();

  /** The length in bytes, or -1 if only the end will tell. */
  long length();

  /** A body of this many bytes. */
  record Fixed(long length) implements BodyFraming {}

  /** RFC 9112 §7.1. */
  record Chunked() implements BodyFraming {
    @Override
    public long length() {
      return -1;
    }
  }

  /** RFC 9112 §6.3, the last case. */
  record UntilClose() implements BodyFraming {
    @Override
    public long length() {
      return -1;
    }
  }
}
