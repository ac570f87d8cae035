package io.httpkit.sample;

import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON, and turns an {@link ApiException} into a JSON answer. */
@Component
public class JsonApi {
  private final JsonMapper mapper;

  /** What a client is told of its mistake. */
  private record Problem(int status, String error, String allowed) {
    static Problem of(ApiException e) {
      return new Problem(e.status().code(), String.valueOf(e.getMessage()), e.allowed());
    }
  }

  JsonApi(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** The same handler, whose {@link ApiException}s are answered with their status. */
  public Handler answering(Handler handler) {
    return request -> {
      try {
        return handler.handle(request);
      } catch (ApiException e) {
        return json(e.status(), Problem.of(e));
      }
    };
  }

  /** A response with this value as JSON. */
  public Response json(Status status, Object value) {
    return Response.json(mapper.writeValueAsBytes(value)).withStatus(status);
  }

  /** This value as JSON. */
  public String text(Object value) {
    return mapper.writeValueAsString(value);
  }

  /** The mistake as JSON, for a client that is not told by a response. */
  public String problem(ApiException mistake) {
    return text(Problem.of(mistake));
  }

  /**
   * The body of the request as a value of this type.
   *
   * @param allowed what the body should be, for a client that sent something else
   * @throws ApiException with 400 if it is something else
   */
  public <T> T read(Request request, Class<T> type, String allowed) {
    return read(request.bytes(), type, allowed);
  }

  /**
   * The JSON that a client has sent as a value of this type.
   *
   * @param allowed what it should be, for a client that sent something else
   * @throws ApiException with 400 if it is something else
   */
  public <T> T read(byte[] json, Class<T> type, String allowed) {
    try {
      T value = mapper.readValue(json, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      throw ApiException.badRequest("the body is not as expected" + place(e), allowed);
    }
    throw ApiException.badRequest("the body is null", allowed);
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : ", line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }
}
