package io.httpkit.spring.boot.server;

import io.httpkit.server.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The types a client accepts. RFC 9110 §12.5.1. */
public final class AcceptHeader {
  private static final List<MediaType> ANY = List.of(MediaType.ALL);

  /** Spring's own sorting refuses more than fifty types, and any client may send as many. */
  private static final Comparator<MediaType> MOST_WELCOME_FIRST =
      Comparator.comparingDouble(MediaType::getQualityValue)
          .thenComparing(type -> !type.isWildcardType())
          .thenComparing(type -> !type.isWildcardSubtype())
          .thenComparing(type -> type.removeQualityValue().getParameters().size())
          .reversed();

  private AcceptHeader() {}

  /**
   * The types a request accepts, the most welcome first; all if it does not say.
   *
   * @throws InvalidMediaTypeException if they are malformed
   */
  public static List<MediaType> types(Request request) {
    String accept = request.header("Accept").orElse("");
    if (accept.isEmpty() || accept.equals("*/*")) {
      return ANY;
    }
    List<MediaType> types = new ArrayList<>(MediaType.parseMediaTypes(accept));
    types.sort(MOST_WELCOME_FIRST);
    types.removeIf(type -> type.getQualityValue() == 0);
    return types;
  }
}
