package io.httpkit.sample.browser;

import io.httpkit.sample.programs.Programs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** A page in the browser. To be used by one thread. */
final class Page {
  /** Resolves when the condition holds, which is looked at whenever the document has changed. */
  private static final String WAIT =
      """
      new Promise((resolve) => {
        const holds = () => Boolean(%s);
        const changes = new MutationObserver(() => {
          if (holds()) {
            changes.disconnect();
            resolve(true);
          }
        });
        changes.observe(document,
            {subtree: true, childList: true, characterData: true, attributes: true});
        if (holds()) {
          changes.disconnect();
          resolve(true);
        }
      })
      """;

  private static final Set<String> BAD_CALLS = Set.of("error", "warning", "assert");
  private static final Set<String> BAD_LEVELS = Set.of("error", "warning");

  private final DevTools devTools;
  private final String session;
  private final CompletableFuture<Boolean> loaded = new CompletableFuture<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Page(DevTools devTools, String session) {
    this.devTools = devTools;
    this.session = session;
  }

  /** Opens a page in a new context and waits until it is loaded. */
  static Page open(DevTools devTools, String url) {
    String context = result(devTools, "Target.createBrowserContext", Map.of(), "browserContextId");
    String target =
        result(
            devTools,
            "Target.createTarget",
            Map.of("url", "about:blank", "browserContextId", context),
            "targetId");
    String session =
        result(
            devTools,
            "Target.attachToTarget",
            Map.of("targetId", target, "flatten", true),
            "sessionId");
    Page page = new Page(devTools, session);
    devTools.listen(session, page::onEvent);
    for (String domain : new String[] {"Page", "Runtime", "Log"}) {
      page.call(domain + ".enable", Map.of());
    }
    page.call("Page.navigate", Map.of("url", url));
    Programs.join(page.loaded);
    return page;
  }

  private static String result(
      DevTools devTools, String method, Map<String, Object> parameters, String name) {
    return devTools.call(null, method, parameters).get(name).asString();
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    return devTools.call(session, method, parameters);
  }

  private void onEvent(String method, JsonNode event) {
    switch (method) {
      case "Page.loadEventFired" -> loaded.complete(true);
      case "Runtime.exceptionThrown" -> errors.add(event.toString());
      case "Runtime.consoleAPICalled" -> addIf(BAD_CALLS, event.path("type"), event);
      case "Log.entryAdded" -> addIf(BAD_LEVELS, event.path("entry").path("level"), event);
      default -> {}
    }
  }

  private void addIf(Set<String> bad, JsonNode kind, JsonNode event) {
    if (bad.contains(kind.asString())) {
      errors.add(event.toString());
    }
  }

  /** What the browser has complained about so far. */
  List<String> errors() {
    return errors;
  }

  /** The value of an expression; of a promise what it resolves to. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** Waits until the condition holds in the page. */
  void await(String condition) {
    try {
      evaluate(WAIT.formatted(condition));
    } catch (RuntimeException e) {
      throw new AssertionError("not true in time: " + condition + "\n" + text("body"), e);
    }
  }

  /** The text of the first element. */
  String text(String selector) {
    return evaluate(element(selector) + ".innerText").asString();
  }

  void click(String selector) {
    evaluate(element(selector) + ".click()");
  }

  /** Sets the value of a field. */
  void fill(String selector, String value) {
    evaluate(element(selector) + ".value = " + quote(value));
  }

  /** As an expression: the first element. */
  static String element(String selector) {
    return "document.querySelector(" + quote(selector) + ")";
  }

  /** As an expression: the text. */
  static String quote(String text) {
    return StringNode.valueOf(text).toString();
  }
}
