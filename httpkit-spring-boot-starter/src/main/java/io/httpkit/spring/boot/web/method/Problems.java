package io.httpkit.spring.boot.web.method;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router.Refusal;
import java.net.URI;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * Answers to what was thrown, as {@code application/problem+json}: what was wrong with the request,
 * and nothing of the inside. RFC 9457.
 */
final class Problems implements Failures {
  private final MessageWriter writer;
  private final BiConsumer<Request, Throwable> report;

  /**
   * @param report told what is answered with an error of the server, as nobody else learns of it
   */
  Problems(MessageWriter writer, BiConsumer<Request, Throwable> report) {
    this.writer = writer;
    this.report = report;
  }

  @Override
  public Response answer(Throwable thrown, Request request) {
    Throwable cause = unwrapped(thrown);
    ErrorResponse known = known(cause);
    if (known == null || known.getStatusCode().is5xxServerError()) {
      report.accept(request, cause);
    }
    if (known != null) {
      return write(known.getBody(), known.getHeaders(), request);
    }
    return write(
        ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR), HttpHeaders.EMPTY, request);
  }

  /** The status with which this is answered. */
  static Status status(Throwable thrown) {
    ErrorResponse known = known(unwrapped(thrown));
    return known == null ? Status.INTERNAL_SERVER_ERROR : Status.of(known.getStatusCode().value());
  }

  /** The answer to a request that the router refuses. */
  Response answer(Refusal refusal, Request request) {
    ProblemDetail problem = ProblemDetail.forStatus(refusal.status().code());
    if (!refusal.message().equalsIgnoreCase(problem.getTitle())) {
      problem.setDetail(refusal.message());
    }
    return write(problem, RequestValues.headers(refusal.headers()), request);
  }

  /** What a stage or a thread has wrapped around it says nothing. */
  static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean isWrapper =
        thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return isWrapper && cause != null ? unwrapped(cause) : thrown;
  }

  private static @Nullable ErrorResponse known(Throwable thrown) {
    if (thrown instanceof ErrorResponse response) {
      return response;
    }
    if (thrown instanceof BadMessageException bad) {
      return error(bad, HttpStatusCode.valueOf(bad.status().code()), text(bad.getMessage()));
    }
    if (thrown instanceof HttpMessageNotReadableException unreadable) {
      return error(unreadable, HttpStatus.BAD_REQUEST, BadRequests.describe(unreadable));
    }
    ResponseStatus declared =
        AnnotatedElementUtils.findMergedAnnotation(thrown.getClass(), ResponseStatus.class);
    return declared == null ? null : error(thrown, declared.code(), declared.reason());
  }

  private static String text(@Nullable String message) {
    return message == null ? "" : message;
  }

  private static ErrorResponse error(Throwable thrown, HttpStatusCode status, String detail) {
    ProblemDetail problem = ProblemDetail.forStatus(status);
    if (!detail.isEmpty()) {
      problem.setDetail(detail);
    }
    return ErrorResponse.builder(thrown, problem).build();
  }

  Response write(ProblemDetail problem, HttpHeaders headers, Request request) {
    if (problem.getInstance() == null) {
      problem.setInstance(instance(request));
    }
    try {
      return writer
          .writeAs(
              problem,
              ResolvableType.forClass(ProblemDetail.class),
              MediaType.APPLICATION_PROBLEM_JSON,
              problemHeaders(headers))
          .withStatus(Statuses.of(problem.getStatus()));
    } catch (Exception e) {
      return plain(problem, headers);
    }
  }

  /** The type of the body is decided here. */
  private static Headers problemHeaders(HttpHeaders headers) {
    return headers(headers).toBuilder().remove(HttpHeaders.CONTENT_TYPE).build();
  }

  /** Spring's headers in the core's terms. */
  static Headers headers(HttpHeaders headers) {
    if (headers.isEmpty()) {
      return Headers.empty();
    }
    Headers.Builder all = Headers.builder();
    headers.forEach(all::add);
    return all.build();
  }

  private static @Nullable URI instance(Request request) {
    try {
      return URI.create(request.path());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Where no converter writes JSON. */
  private static Response plain(ProblemDetail problem, HttpHeaders headers) {
    String detail = problem.getDetail();
    String title = problem.getTitle();
    String text = detail != null ? detail : title != null ? title : "";
    Response response = Response.text(text + "\n").withStatus(Statuses.of(problem.getStatus()));
    return with(problemHeaders(headers), response);
  }

  /** The response with these headers, in place of any of the same names. */
  static Response with(Headers headers, Response response) {
    Response changed = response;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      changed = changed.withHeader(name, headers.all(name));
    }
    return changed;
  }
}
