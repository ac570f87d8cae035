package io.httpkit.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user name and a password, which no text of this library shows. RFC 7617. */
record Credentials(String user, String password) {
  Credentials {
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a user name may not hold ':'");
    }
    if ((user + password).chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a user name and a password may not hold control characters");
    }
  }

  /** The value of an {@code Authorization} or {@code Proxy-Authorization} field, in UTF-8. */
  String basic() {
    byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Credentials[***]";
  }
}
