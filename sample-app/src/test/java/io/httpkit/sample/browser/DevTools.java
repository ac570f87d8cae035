package io.httpkit.sample.browser;

import io.httpkit.sample.programs.Programs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The DevTools protocol: commands to a browser, and events from it. Any thread. */
final class DevTools implements WebSocket.Listener, AutoCloseable {
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> results = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  DevTools(URI address) {
    socket =
        Programs.join(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, this));
  }

  /** Has the listener told the methods and parameters of the events of a session. */
  void listen(String session, BiConsumer<String, JsonNode> listener) {
    listeners.put(session, listener);
  }

  /**
   * Gives a command and waits for its result.
   *
   * @param session with a page; null for the browser
   */
  JsonNode call(@Nullable String session, String method, Map<String, Object> parameters) {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> result = new CompletableFuture<>();
    results.put(id, result);
    ObjectNode command = JsonMapper.shared().createObjectNode();
    command.put("id", id).put("method", method);
    command.set("params", JsonMapper.shared().valueToTree(parameters));
    if (session != null) {
      command.put("sessionId", session);
    }
    send(command.toString());
    JsonNode answer = Programs.join(result);
    if (answer.has("error")) {
      throw new AssertionError(method + " " + parameters + ": " + answer.get("error"));
    }
    return answer.get("result");
  }

  private synchronized void send(String command) {
    Programs.join(socket.sendText(command, true));
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      receive(JsonMapper.shared().readTree(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void receive(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> result = results.remove(message.get("id").asInt());
      if (result != null) {
        result.complete(message);
      }
      return;
    }
    BiConsumer<String, JsonNode> listener = listeners.get(message.path("sessionId").asString(""));
    if (listener != null) {
      listener.accept(message.get("method").asString(), message.get("params"));
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    onError(from, new IllegalStateException("closed: " + code + " " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    results.values().forEach(result -> result.completeExceptionally(error));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
