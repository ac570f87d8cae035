package io.httpkit.sample.chat;

import io.httpkit.http.MediaType;
import io.httpkit.http.Status;
import io.httpkit.sample.ApiException;
import io.httpkit.sample.JsonApi;
import io.httpkit.sample.Numbers;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The chat at {@code /chat}: opened as a WebSocket it takes and sends messages; a GET is answered
 * when there are messages after {@code ?since=}, and a POST says something.
 */
@Component
class ChatRoutes implements RouterCustomizer {
  private static final String TYPE = "application/json";
  private static final int MAX_MESSAGE = 8 * 1024;

  private final ChatRoom room;
  private final JsonApi json;
  private final Duration patience;

  ChatRoutes(ChatRoom room, JsonApi json, @Value("${sample.chat.patience}") Duration patience) {
    this.room = room;
    this.json = json;
    this.patience = patience;
  }

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/chat", json.answering(this::enter));
    routes.post("/chat", json.answering(this::say));
  }

  private Response enter(Request request) {
    long since = Numbers.query(request, "since", 0, 0, Numbers.MAX_IN_JSON);
    Response channel =
        request.asChannel(
            options -> options.withMaxMessage(MAX_MESSAGE),
            new ChatListener(room, json, since, patience));
    return request.isWebSocket()
        ? channel
        : channel.withType(TYPE).withHeader("Cache-Control", "no-store");
  }

  private Response say(Request request) {
    // A page of another origin can post a form, but not JSON.
    String type = request.contentType().map(MediaType::essence).orElse("of no type");
    if (!type.equals(TYPE)) {
      throw new ApiException(Status.UNSUPPORTED_MEDIA_TYPE, "the body is " + type, TYPE);
    }
    return json.json(Status.OK, room.say(ChatInput.read(request.bytes(), json)));
  }
}
