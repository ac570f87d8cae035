package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import java.util.Locale;

/** What a body is coded with. RFC 9110 §8.4.1. */
public enum ContentCoding {
  /** Nothing. */
  IDENTITY,
  /** RFC 1952. */
  GZIP,
  /** RFC 1950, or by mistake RFC 1951 alone. */
  DEFLATE,
  /** Something unknown here, so that the body stays as it is. */
  OTHER;

  private static final String FIELD = "Content-Encoding";

  /**
   * The coding that the headers of a message name.
   *
   * @throws BadMessageException if they name more than one, as each multiplies what a few bytes can
   *     become
   */
  public static ContentCoding of(Headers headers) {
    ContentCoding coding = IDENTITY;
    for (String line : headers.all(FIELD)) {
      for (String name : line.split(",", -1)) {
        coding = combine(coding, named(name.strip()));
      }
    }
    return coding;
  }

  private static ContentCoding named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default -> OTHER;
    };
  }

  private static ContentCoding combine(ContentCoding first, ContentCoding second) {
    if (first != IDENTITY && second != IDENTITY) {
      throw ContentDecoder.refused("more than one content coding");
    }
    return first == IDENTITY ? second : first;
  }
}
