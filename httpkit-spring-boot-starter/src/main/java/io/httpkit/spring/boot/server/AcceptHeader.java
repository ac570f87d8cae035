package io.httpkit.spring.boot.server;

import io.httpkit.server.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The types a client accepts. RFC 9110 §12.5.1. */
public final class AcceptHeader {
  private static final AcceptHeader ALL = new AcceptHeader(List.of(MediaType.ALL), List.of());

  /** Spring's own sorting refuses more than fifty types, and any client may send as many. */
  private static final Comparator<MediaType> MOST_WELCOME_FIRST =
      Comparator.comparingDouble(MediaType::getQualityValue)
          .thenComparing(type -> !type.isWildcardType())
          .thenComparing(type -> !type.isWildcardSubtype())
          .thenComparing(type -> type.removeQualityValue().getParameters().size())
          .reversed();

  private final List<MediaType> types;
  private final List<MediaType> refused;

  private AcceptHeader(List<MediaType> types, List<MediaType> refused) {
    this.types = types;
    this.refused = refused;
  }

  /**
   * What a request accepts; all if it does not say.
   *
   * @throws InvalidMediaTypeException if it is malformed
   */
  public static AcceptHeader of(Request request) {
    String accept = request.header("Accept").orElse("");
    if (accept.isEmpty() || accept.equals("*/*")) {
      return ALL;
    }
    List<MediaType> types = new ArrayList<>();
    List<MediaType> refused = new ArrayList<>();
    for (MediaType type : MediaType.parseMediaTypes(accept)) {
      (type.getQualityValue() == 0 ? refused : types).add(type);
    }
    types.sort(MOST_WELCOME_FIRST);
    return new AcceptHeader(types, refused);
  }

  /** The types that are accepted, the most welcome first. Those of quality 0 are left out. */
  public List<MediaType> types() {
    return types;
  }

  /**
   * Whether one of {@link #types()} lets this type through. A range that is as narrow and has the
   * quality 0 takes it out again, as {@code text/html} of {@code text/html;q=0, *}{@code /*}.
   */
  public boolean matches(MediaType accepted, MediaType type) {
    if (!accepted.isCompatibleWith(type)) {
      return false;
    }
    for (MediaType no : refused) {
      if (precision(no) >= precision(accepted) && no.includes(type)) {
        return false;
      }
    }
    return true;
  }

  private static int precision(MediaType range) {
    if (range.isWildcardType()) {
      return 0;
    }
    return range.isWildcardSubtype() ? 1 : 2 + range.removeQualityValue().getParameters().size();
  }
}
