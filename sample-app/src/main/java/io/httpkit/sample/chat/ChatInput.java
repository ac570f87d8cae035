package io.httpkit.sample.chat;

import io.httpkit.sample.ApiException;
import io.httpkit.sample.JsonApi;
import org.jspecify.annotations.Nullable;

/** What a user sends, already checked. */
record ChatInput(String user, String text) {
  private static final int MAX_USER = 40;
  private static final int MAX_TEXT = 1000;

  /** As it is sent: anything may be missing. */
  private record Draft(@Nullable String user, @Nullable String text) {}

  /**
   * The message in this JSON.
   *
   * @throws ApiException with 400 if it is not one
   */
  static ChatInput read(byte[] bytes, JsonApi json) {
    Draft draft = json.read(bytes, Draft.class, "a JSON object with the texts user and text");
    return new ChatInput(
        check("user", draft.user(), MAX_USER), check("text", draft.text(), MAX_TEXT));
  }

  private static String check(String name, @Nullable String value, int max) {
    String allowed = "1 to " + max + " characters";
    if (value == null || value.isBlank()) {
      throw ApiException.badRequest(name + " is missing", allowed);
    }
    if (value.length() > max) {
      throw ApiException.badRequest(name + " has " + value.length() + " characters", allowed);
    }
    return value.strip();
  }
}
