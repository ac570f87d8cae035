package io.httpkit.sample.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The demo page in a real browser. */
@Tag("browser")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    // That a busy machine meets too.
    properties = "sample.upstreams.deadline=2s")
class BrowserTest {
  private static Chromium chromium;

  @LocalServerPort private int port;

  @BeforeAll
  static void start(@TempDir Path profile) throws IOException {
    chromium = new Chromium(profile);
  }

  @AfterAll
  static void end() {
    chromium.close();
  }

  private Page open() {
    return chromium.open("http://localhost:" + port + "/demo");
  }

  @Test
  void aUserOfAWebSocketAndOneOfLongPollingChat() {
    Page ada = open();
    Page grace = open();
    join(ada, "Ada", "websocket", "joined over a WebSocket");
    join(grace, "Grace", "polling", "joined by long polling");

    say(ada, "hello <img src=x onerror=alert(1)>");
    awaitMessages(grace, "Ada: hello <img src=x onerror=alert(1)>");
    say(grace, "hello Ada ✓");
    awaitMessages(ada, "Ada: hello <img src=x onerror=alert(1)>", "Grace: hello Ada ✓");
    say(ada, "bye");
    awaitMessages(
        grace, "Ada: hello <img src=x onerror=alert(1)>", "Grace: hello Ada ✓", "Ada: bye");

    assertThat(polls(ada)).isZero();
    assertThat(polls(grace)).isGreaterThanOrEqualTo(2);
    assertThat(ada.errors()).isEmpty();
    assertThat(grace.errors()).isEmpty();
  }

  private static void join(Page page, String user, String transport, String status) {
    page.fill(".join [name=user]", user);
    page.fill(".join [name=transport]", transport);
    page.click(".join button");
    page.await(Page.element(".status") + ".textContent === " + Page.quote(status));
  }

  private static void say(Page page, String text) {
    page.fill(".say [name=text]", text);
    page.click(".say button");
  }

  private static void awaitMessages(Page page, String... messages) {
    page.await(
        "[...document.querySelectorAll('.pane:first-child .messages li')]"
            + ".map((item) => item.textContent).join('\\n') === "
            + Page.quote(String.join("\n", messages)));
  }

  /** How many long polls the page has had answered. */
  private static int polls(Page page) {
    return page.evaluate(
            "performance.getEntriesByType('resource')"
                + ".filter((entry) => entry.name.includes('/chat?since=')).length")
        .asInt();
  }

  @ParameterizedTest
  @CsvSource({"websocket, joined over a WebSocket", "polling, joined by long polling"})
  void aUserIsToldWhatIsWrong(String transport, String status) {
    Page page = open();
    join(page, "Ada", transport, status);
    say(page, " ");
    String problem = "text is missing; allowed: 1 to 1000 characters";
    page.await(Page.element(".problem") + ".textContent === " + Page.quote(problem));
  }

  @Test
  void theTickerShowsTenMessagesOneByOne() {
    Page page = open();
    String shown = "document.querySelectorAll('#ticker-messages li').length";
    page.click("#ticker-start");
    page.await(shown + " > 0 && " + shown + " < 10");
    page.await(Page.element("#ticker-status") + ".textContent === 'closed by the server'");
    assertThat(page.text("#ticker-messages"))
        .isEqualTo(
            IntStream.range(0, 10)
                .mapToObj(number -> "message from server #" + number)
                .collect(Collectors.joining("\n")));
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void theClockRuns() {
    Page page = open();
    page.click("#clock-switch");
    page.await(Page.element("#clock-count") + ".textContent === '1'");
    String first = page.text("#clock-time");
    page.await(Page.element("#clock-count") + ".textContent === '3'");
    assertThat(page.text("#clock-time")).isGreaterThan(first);
    page.click("#clock-switch");
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void theUpstreamsAreShownInRows() {
    Page page = open();
    page.click("#upstreams-ask");
    page.await(Page.element("#upstreams-status") + ".textContent === 'answered'");
    // The time that each took is between the outcome and the answer.
    assertThat(page.text("#upstreams-answers").lines())
        .satisfiesExactly(
            broken -> assertThat(broken).matches("broken\\tfailed\\t\\d+ ms\\t.*was closed.*"),
            fast -> assertThat(fast).matches("fast\\tok\\t\\d+ ms\\there I am"),
            slow -> assertThat(slow).matches("slow\\ttimeout\\t\\d+ ms\\t?"));
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void thePolicyHoldsBackStrangeScripts() {
    String violated =
        """
        new Promise((resolve) => {
          addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
          import('data:text/javascript,window.strange=true').catch(() => {});
        })
        """;
    Page page = open();
    assertThat(page.evaluate(violated).asString()).startsWith("script-src");
    assertThat(page.evaluate("window.strange === undefined").asBoolean()).isTrue();
  }

  @Test
  void thePolicyHoldsBackMarkupMadeOfText() {
    String made = "try { document.body.innerHTML = '<b>'; 'made' } catch (e) { e.name }";
    assertThat(open().evaluate(made).asString()).isEqualTo("TypeError");
  }

  @Test
  void everyControlHasAName() {
    assertThat(
            open()
                .evaluate(
                    """
                    [...document.querySelectorAll('input, select, button')]
                      .filter((control) => !(control.labels.length || control.innerText.trim()))
                      .map((control) => control.outerHTML).join()
                    """)
                .asString())
        .isEmpty();
  }
}
