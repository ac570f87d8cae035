package io.httpkit.sample.users;

import io.httpkit.http.MediaType;
import io.httpkit.http.Status;
import io.httpkit.sample.ApiException;
import io.httpkit.sample.JsonApi;
import io.httpkit.server.Request;
import org.jspecify.annotations.Nullable;

/** What a client sends to create or replace a user, already checked. */
record UserInput(String name, String email) {
  private static final int MAX_NAME = 100;
  private static final int MAX_EMAIL = 254;
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";

  /** As it is sent: anything may be missing. */
  private record Draft(@Nullable String name, @Nullable String email) {}

  /**
   * The user in the body of the request, JSON or a form.
   *
   * @throws ApiException with 415 if it is of another type, 400 if it is not a user
   */
  static UserInput read(Request request, JsonApi json) {
    Draft draft = draft(request, json);
    return new UserInput(name(draft.name()), email(draft.email()));
  }

  private static Draft draft(Request request, JsonApi json) {
    String type = request.contentType().map(MediaType::essence).orElse("");
    return switch (type) {
      case JSON -> json.read(request, Draft.class, "a JSON object with the texts name and email");
      case FORM -> new Draft(request.form("name").orElse(null), request.form("email").orElse(null));
      default ->
          throw new ApiException(
              Status.UNSUPPORTED_MEDIA_TYPE,
              type.isEmpty() ? "the body has no Content-Type" : "the body is " + type,
              JSON + " or " + FORM);
    };
  }

  private static String name(@Nullable String value) {
    String allowed = "1 to " + MAX_NAME + " characters";
    if (value == null || value.isBlank()) {
      throw ApiException.badRequest("name is missing", allowed);
    }
    if (value.length() > MAX_NAME) {
      throw ApiException.badRequest("name has " + value.length() + " characters", allowed);
    }
    return value.strip();
  }

  private static String email(@Nullable String value) {
    String allowed = "an address with one @, of up to " + MAX_EMAIL + " characters";
    if (value == null || value.isBlank()) {
      throw ApiException.badRequest("email is missing", allowed);
    }
    int at = value.indexOf('@');
    boolean valid = at > 0 && at < value.length() - 1 && value.indexOf('@', at + 1) < 0;
    if (!valid || value.length() > MAX_EMAIL) {
      throw ApiException.badRequest("email is not an address", allowed);
    }
    return value.strip();
  }
}
