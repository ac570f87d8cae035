package io.httpkit.http;

/** Status, headers and body: what answers a request. */
public interface ResponseMessage {
  Status status();

  Headers headers();

  Body body();
}
