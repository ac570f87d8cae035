package io.httpkit.internal.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The part of an open file that is still to be sent. Closes the file when it is released. */
public final class FileRegion implements Backlog.Item {
  /** Sent at once, so that a fast peer does not keep the thread. */
  private static final long MAX_BYTES_AT_ONCE = 256 * 1024;

  private final FileChannel file;
  private long position;
  private long remaining;

  public FileRegion(FileChannel file, long position, long length) {
    this.file = file;
    this.position = position;
    this.remaining = length;
  }

  @Override
  public long remaining() {
    return remaining;
  }

  /**
   * Sends what the socket takes, up to a bound.
   *
   * @throws EOFException if the file has become shorter than announced, which would never end
   */
  long transferTo(WritableByteChannel socket) throws IOException {
    long sent = file.transferTo(position, Math.min(remaining, MAX_BYTES_AT_ONCE), socket);
    advance(sent);
    if (sent == 0 && remaining > 0 && file.size() <= position) {
      throw tooShort();
    }
    return sent;
  }

  /**
   * Reads as many of the next bytes as there is room for; they are not sent before {@link
   * #advance}.
   *
   * @throws EOFException if the file has become shorter than announced
   */
  void read(ByteBuffer into) throws IOException {
    into.limit((int) Math.min(into.limit(), into.position() + remaining));
    if (into.hasRemaining() && file.read(into, position) < 0) {
      throw tooShort();
    }
  }

  void advance(long sent) {
    position += sent;
    remaining -= sent;
  }

  private EOFException tooShort() {
    return new EOFException("file ended " + remaining + " bytes before its announced length");
  }

  @Override
  public void release() {
    try {
      file.close();
    } catch (IOException e) {
      // it was only read; there is nothing to lose
    }
  }
}
