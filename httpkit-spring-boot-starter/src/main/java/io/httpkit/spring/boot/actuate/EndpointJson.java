package io.httpkit.spring.boot.actuate;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of endpoints. */
public final class EndpointJson {
  private static final TypeReference<Map<String, @Nullable String>> ARGUMENTS =
      new TypeReference<>() {};

  private final JsonMapper endpoints;
  private final JsonMapper application;

  /**
   * Writes with these.
   *
   * @param endpoints for what Boot's endpoints return, so that settings of the application do not
   *     change its form
   * @param application for all else
   */
  public EndpointJson(JsonMapper endpoints, JsonMapper application) {
    this.endpoints = endpoints;
    this.application = application;
  }

  byte[] write(Object body) {
    JsonMapper mapper = body instanceof OperationResponseBody ? endpoints : application;
    return mapper.writeValueAsBytes(body);
  }

  /**
   * The arguments in a request body; none if it is empty.
   *
   * @throws InvalidEndpointRequestException if it is not an object of simple values
   */
  Map<String, @Nullable String> readArguments(byte[] body) {
    if (body.length == 0) {
      return Map.of();
    }
    try {
      Map<String, @Nullable String> arguments = application.readValue(body, ARGUMENTS);
      return arguments == null ? Map.of() : arguments;
    } catch (JacksonException e) {
      throw new InvalidEndpointRequestException(
          "malformed arguments", "The body must be a JSON object of simple values", e);
    }
  }
}
