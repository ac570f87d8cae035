package io.httpkit.internal.codec.content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Compressed bodies, made by the JDK and by hand. */
public final class Compressed {
  static final int HAS_TEXT = 1;
  static final int HAS_CHECKSUM = 2;
  static final int HAS_EXTRA = 4;
  static final int HAS_NAME = 8;
  static final int HAS_COMMENT = 16;

  private interface Wrapping {
    OutputStream around(OutputStream out) throws IOException;
  }

  private Compressed() {}

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] gzip(String text) {
    return through(GZIPOutputStream::new, text);
  }

  public static byte[] zlib(String text) {
    return through(DeflaterOutputStream::new, text);
  }

  public static byte[] raw(String text) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      return through(out -> new DeflaterOutputStream(out, deflater), text);
    } finally {
      deflater.end();
    }
  }

  private static byte[] through(Wrapping wrapping, String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressing = wrapping.around(out)) {
      compressing.write(latin1(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A member whose header has these flags and these parts behind its ten bytes. */
  static byte[] member(int flags, String parts, String text) {
    byte[] header =
        join(latin1("\u001f\u008b\u0008"), new byte[] {(byte) flags}, latin1("MTIM\2\3"));
    header = join(header, latin1(parts));
    if ((flags & HAS_CHECKSUM) != 0) {
      header = join(header, littleEndian(checksum(header), 2));
    }
    byte[] content = latin1(text);
    return join(
        header, raw(text), littleEndian(checksum(content), 4), littleEndian(content.length, 4));
  }

  private static long checksum(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return checksum.getValue();
  }

  private static byte[] littleEndian(long value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (value >> (8 * i));
    }
    return bytes;
  }

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** The same without its last bytes. */
  public static byte[] without(int last, byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - last);
  }

  /** The same with the bits of one byte flipped, counted from the end if negative. */
  public static byte[] damaged(int at, byte[] bytes) {
    byte[] copy = bytes.clone();
    copy[at < 0 ? copy.length + at : at] ^= 0x55;
    return copy;
  }
}
