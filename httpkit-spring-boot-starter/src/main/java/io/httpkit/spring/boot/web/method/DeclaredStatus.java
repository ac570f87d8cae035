package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * Writes results with the status that {@code @ResponseStatus} declares, unless they have one of
 * their own. An error without a body says the declared reason.
 */
final class DeclaredStatus implements ResultWriter {
  private final HttpStatus code;
  private final String reason;
  private final ResultWriter writer;
  private final Problems problems;

  private DeclaredStatus(ResponseStatus declared, ResultWriter writer, Problems problems) {
    this.code = declared.code();
    this.reason = declared.reason();
    this.writer = writer;
    this.problems = problems;
  }

  /** This writer with what is declared at the method, or else at its class. */
  static ResultWriter around(ResultWriter writer, Method method, Class<?> type, Problems problems) {
    ResponseStatus own = AnnotatedElementUtils.findMergedAnnotation(method, ResponseStatus.class);
    ResponseStatus declared =
        own != null ? own : AnnotatedElementUtils.findMergedAnnotation(type, ResponseStatus.class);
    return declared == null ? writer : new DeclaredStatus(declared, writer, problems);
  }

  @Override
  public Response write(@Nullable Object value, Request request) throws Exception {
    if (value == null && code.isError() && !reason.isEmpty()) {
      return problems.write(
          ProblemDetail.forStatusAndDetail(code, reason), HttpHeaders.EMPTY, request);
    }
    Response response = writer.write(value, request);
    return hasDecided(value) || !response.status().equals(Status.OK)
        ? response
        : response.withStatus(Statuses.of(code.value()));
  }

  /** Whoever makes a whole response says 200 by it too. */
  private static boolean hasDecided(@Nullable Object value) {
    return value instanceof ResponseEntity<?> || value instanceof Response;
  }
}
