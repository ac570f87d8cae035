package io.httpkit.http;

/**
 * A response status: its three-digit code and the reason phrase that stands behind it.
 *
 * @param code 100 to 999
 * @param reason the reason phrase, possibly empty; visible ASCII characters and spaces only
 * @see "RFC 9110 §15, RFC 9112 §4"
 */
public record Status(int code, String reason) {
  public static final Status CONTINUE = new Status(100, "Continue");
  public static final Status SWITCHING_PROTOCOLS = new Status(101, "Switching Protocols");
  public static final Status OK = new Status(200, "OK");
  public static final Status CREATED = new Status(201, "Created");
  public static final Status ACCEPTED = new Status(202, "Accepted");
  public static final Status NO_CONTENT = new Status(204, "No Content");
  public static final Status RESET_CONTENT = new Status(205, "Reset Content");
  public static final Status PARTIAL_CONTENT = new Status(206, "Partial Content");
  public static final Status MOVED_PERMANENTLY = new Status(301, "Moved Permanently");
  public static final Status FOUND = new Status(302, "Found");
  public static final Status SEE_OTHER = new Status(303, "See Other");
  public static final Status NOT_MODIFIED = new Status(304, "Not Modified");
  public static final Status TEMPORARY_REDIRECT = new Status(307, "Temporary Redirect");
  public static final Status PERMANENT_REDIRECT = new Status(308, "Permanent Redirect");
  public static final Status BAD_REQUEST = new Status(400, "Bad Request");
  public static final Status UNAUTHORIZED = new Status(401, "Unauthorized");
  public static final Status FORBIDDEN = new Status(403, "Forbidden");
  public static final Status NOT_FOUND = new Status(404, "Not Found");
  public static final Status METHOD_NOT_ALLOWED = new Status(405, "Method Not Allowed");
  public static final Status NOT_ACCEPTABLE = new Status(406, "Not Acceptable");
  public static final Status REQUEST_TIMEOUT = new Status(408, "Request Timeout");
  public static final Status CONFLICT = new Status(409, "Conflict");
  public static final Status GONE = new Status(410, "Gone");
  public static final Status LENGTH_REQUIRED = new Status(411, "Length Required");
  public static final Status PRECONDITION_FAILED = new Status(412, "Precondition Failed");
  public static final Status CONTENT_TOO_LARGE = new Status(413, "Content Too Large");
  public static final Status URI_TOO_LONG = new Status(414, "URI Too Long");
  public static final Status UNSUPPORTED_MEDIA_TYPE = new Status(415, "Unsupported Media Type");
  public static final Status RANGE_NOT_SATISFIABLE = new Status(416, "Range Not Satisfiable");
  public static final Status EXPECTATION_FAILED = new Status(417, "Expectation Failed");
  public static final Status UNPROCESSABLE_CONTENT = new Status(422, "Unprocessable Content");
  public static final Status UPGRADE_REQUIRED = new Status(426, "Upgrade Required");
  public static final Status PRECONDITION_REQUIRED = new Status(428, "Precondition Required");
  public static final Status TOO_MANY_REQUESTS = new Status(429, "Too Many Requests");
  public static final Status HEADERS_TOO_LARGE = new Status(431, "Request Header Fields Too Large");
  public static final Status INTERNAL_SERVER_ERROR = new Status(500, "Internal Server Error");
  public static final Status NOT_IMPLEMENTED = new Status(501, "Not Implemented");
  public static final Status BAD_GATEWAY = new Status(502, "Bad Gateway");
  public static final Status SERVICE_UNAVAILABLE = new Status(503, "Service Unavailable");
  public static final Status GATEWAY_TIMEOUT = new Status(504, "Gateway Timeout");
  public static final Status VERSION_NOT_SUPPORTED = new Status(505, "HTTP Version Not Supported");

  private static final int MIN_CODE = 100;
  private static final int MAX_CODE = 999;
  private static final Status[] KNOWN = {
    CONTINUE,
    SWITCHING_PROTOCOLS,
    OK,
    CREATED,
    ACCEPTED,
    NO_CONTENT,
    RESET_CONTENT,
    PARTIAL_CONTENT,
    MOVED_PERMANENTLY,
    FOUND,
    SEE_OTHER,
    NOT_MODIFIED,
    TEMPORARY_REDIRECT,
    PERMANENT_REDIRECT,
    BAD_REQUEST,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    REQUEST_TIMEOUT,
    CONFLICT,
    GONE,
    LENGTH_REQUIRED,
    PRECONDITION_FAILED,
    CONTENT_TOO_LARGE,
    URI_TOO_LONG,
    UNSUPPORTED_MEDIA_TYPE,
    RANGE_NOT_SATISFIABLE,
    EXPECTATION_FAILED,
    UNPROCESSABLE_CONTENT,
    UPGRADE_REQUIRED,
    PRECONDITION_REQUIRED,
    TOO_MANY_REQUESTS,
    HEADERS_TOO_LARGE,
    INTERNAL_SERVER_ERROR,
    NOT_IMPLEMENTED,
    BAD_GATEWAY,
    SERVICE_UNAVAILABLE,
    GATEWAY_TIMEOUT,
    VERSION_NOT_SUPPORTED
  };
  private static final Status[] BY_CODE = new Status[MAX_CODE + 1];

  static {
    for (Status status : KNOWN) {
      BY_CODE[status.code] = status;
    }
  }

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

  /**
   * The status with this code; with an empty reason phrase where HTTP has no name for it.
   *
   * @throws IllegalArgumentException if the code is not 100 to 999
   */
  public static Status of(int code) {
    Status known = code >= MIN_CODE && code <= MAX_CODE ? BY_CODE[code] : null;
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
