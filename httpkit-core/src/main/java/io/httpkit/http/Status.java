package io.httpkit.http;

/**
 * A response status: its three-digit code and the reason phrase that stands behind it.
 *
 * @param code 100 to 999
 * @param reason the reason phrase, possibly empty; visible ASCII characters and spaces only
 * @see "RFC 9110 §15, RFC 9112 §4"
 */
public record Status(int code, String reason) {
  private static final int MIN_CODE = 100;
  private static final int MAX_CODE = 999;

  /** Those with a name; the constants below put themselves here. */
  private static final Status[] NAMED = new Status[MAX_CODE + 1];

  public static final Status CONTINUE = named(100, "Continue");
  public static final Status SWITCHING_PROTOCOLS = named(101, "Switching Protocols");
  public static final Status OK = named(200, "OK");
  public static final Status CREATED = named(201, "Created");
  public static final Status ACCEPTED = named(202, "Accepted");
  public static final Status NO_CONTENT = named(204, "No Content");
  public static final Status RESET_CONTENT = named(205, "Reset Content");
  public static final Status PARTIAL_CONTENT = named(206, "Partial Content");
  public static final Status MOVED_PERMANENTLY = named(301, "Moved Permanently");
  public static final Status FOUND = named(302, "Found");
  public static final Status SEE_OTHER = named(303, "See Other");
  public static final Status NOT_MODIFIED = named(304, "Not Modified");
  public static final Status TEMPORARY_REDIRECT = named(307, "Temporary Redirect");
  public static final Status PERMANENT_REDIRECT = named(308, "Permanent Redirect");
  public static final Status BAD_REQUEST = named(400, "Bad Request");
  public static final Status UNAUTHORIZED = named(401, "Unauthorized");
  public static final Status FORBIDDEN = named(403, "Forbidden");
  public static final Status NOT_FOUND = named(404, "Not Found");
  public static final Status METHOD_NOT_ALLOWED = named(405, "Method Not Allowed");
  public static final Status NOT_ACCEPTABLE = named(406, "Not Acceptable");
  public static final Status REQUEST_TIMEOUT = named(408, "Request Timeout");
  public static final Status CONFLICT = named(409, "Conflict");
  public static final Status GONE = named(410, "Gone");
  public static final Status LENGTH_REQUIRED = named(411, "Length Required");
  public static final Status PRECONDITION_FAILED = named(412, "Precondition Failed");
  public static final Status CONTENT_TOO_LARGE = named(413, "Content Too Large");
  public static final Status URI_TOO_LONG = named(414, "URI Too Long");
  public static final Status UNSUPPORTED_MEDIA_TYPE = named(415, "Unsupported Media Type");
  public static final Status RANGE_NOT_SATISFIABLE = named(416, "Range Not Satisfiable");
  public static final Status EXPECTATION_FAILED = named(417, "Expectation Failed");
  public static final Status UNPROCESSABLE_CONTENT = named(422, "Unprocessable Content");
  public static final Status UPGRADE_REQUIRED = named(426, "Upgrade Required");
  public static final Status PRECONDITION_REQUIRED = named(428, "Precondition Required");
  public static final Status TOO_MANY_REQUESTS = named(429, "Too Many Requests");
  public static final Status HEADERS_TOO_LARGE = named(431, "Request Header Fields Too Large");
  public static final Status INTERNAL_SERVER_ERROR = named(500, "Internal Server Error");
  public static final Status NOT_IMPLEMENTED = named(501, "Not Implemented");
  public static final Status BAD_GATEWAY = named(502, "Bad Gateway");
  public static final Status SERVICE_UNAVAILABLE = named(503, "Service Unavailable");
  public static final Status GATEWAY_TIMEOUT = named(504, "Gateway Timeout");
  public static final Status VERSION_NOT_SUPPORTED = named(505, "HTTP Version Not Supported");

  public Status {
    if (code < MIN_CODE || code > MAX_CODE) {
      throw new IllegalArgumentException("status must be 100 to 999 but was " + code);
    }
    for (int i = 0; i < reason.length(); i++) {
      if (reason.charAt(i) < ' ' || reason.charAt(i) > '~') {
        throw new IllegalArgumentException(
            "reason phrase must be visible ASCII: " + Text.quote(reason));
      }
    }
  }

  private static Status named(int code, String reason) {
    Status status = new Status(code, reason);
    NAMED[code] = status;
    return status;
  }

  /**
   * The status with this code; with an empty reason phrase where HTTP has no name for it.
   *
   * @throws IllegalArgumentException if the code is not 100 to 999
   */
  public static Status of(int code) {
    Status known = code >= MIN_CODE && code <= MAX_CODE ? NAMED[code] : null;
    return known != null ? known : new Status(code, "");
  }

  /** Whether a response of this status never has a body: 1xx, 204 and 304. RFC 9110 §6.4.1. */
  public boolean isBodyless() {
    return code < 200 || code == 204 || code == 304;
  }

  @Override
  public String toString() {
    return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
  }
}
