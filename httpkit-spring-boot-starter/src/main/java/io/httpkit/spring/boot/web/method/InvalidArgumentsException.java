package io.httpkit.spring.boot.web.method;

import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** The request has values that are not allowed; answered 400 with a list of them. */
final class InvalidArgumentsException extends ErrorResponseException {
  private static final long serialVersionUID = 1L;

  InvalidArgumentsException(List<Map<String, String>> errors) {
    super(HttpStatus.BAD_REQUEST, problem(errors), null);
  }

  private static ProblemDetail problem(List<Map<String, String>> errors) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "Some values are not valid.");
    problem.setProperty("errors", errors);
    return problem;
  }
}
