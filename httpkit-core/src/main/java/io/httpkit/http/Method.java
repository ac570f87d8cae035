package io.httpkit.http;

/**
 * A request method this library knows. A request with any other method is answered 501 before a
 * handler sees it.
 *
 * @see "RFC 9110 §9, RFC 4918, RFC 5789"
 */
public enum Method {
  GET,
  HEAD,
  POST,
  PUT,
  DELETE,
  PATCH,
  OPTIONS,
  TRACE,
  CONNECT,
  QUERY,
  PROPFIND,
  PROPPATCH,
  LOCK,
  UNLOCK,
  REPORT,
  ACL,
  MOVE,
  COPY,
  MKCOL,
  LIST
}
