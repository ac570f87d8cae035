package io.httpkit.sample;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import org.springframework.stereotype.Component;

/** A page at {@code /} and a greeting at {@code /hello?name=}. */
@Component
class HelloRoutes implements RouterCustomizer {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <title>httpkit sample</title>
      <h1>Hello from httpkit</h1>
      <ul>
        <li><a href="/hello?name=you">/hello?name=you</a>: a text
        <li><a href="/users">/users</a>: users as JSON; ?name= filters, ?page= and ?size= turn pages
        <li><a href="/rooms">/rooms</a>: rooms as JSON, by annotated methods; each has a chat
        <li><a href="/later?millis=300">/later?millis=300</a>: an answer that no thread waits for
        <li><a href="/slow?millis=300">/slow?millis=300</a>: an answer that keeps a thread waiting
        <li><a href="/demo">/demo</a>: a page that shows the next four
        <li><a href="/chat">/chat</a>: a chat over WebSocket and long polling
        <li><a href="/ticker">/ticker</a>: ten messages, one by one
        <li><a href="/clock">/clock</a>: the time as server-sent events
        <li><a href="/upstreams">/upstreams</a>: what came in time of three servers asked at once
        <li><a href="/actuator">/actuator</a>: health, metrics and more
        <li>/echo: sends back what comes over a WebSocket
        <li>/upload: tells the size of what is posted to it
      </ul>
      """;

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/", request -> Response.html(PAGE));
    routes.get("/hello", HelloRoutes::hello);
  }

  private static Response hello(Request request) {
    return Response.text("Hello, " + request.query("name").orElse("world") + "!");
  }
}
