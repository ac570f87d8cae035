package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Something that can be asked for at a path; one of several there if they differ in types. */
interface EndpointOperation {
  /** Types of request bodies it understands; none if it takes no body. */
  List<MediaType> consumes();

  /** Types it answers with, the preferred first; none if it answers with nothing. */
  List<MediaType> produces();

  /**
   * Does it.
   *
   * @return what {@link EndpointAnswers} makes a response of
   */
  @Nullable Object invoke(Request request);
}
