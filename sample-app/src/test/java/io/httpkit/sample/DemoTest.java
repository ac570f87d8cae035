package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class DemoTest {
  @LocalServerPort private int port;

  @ParameterizedTest
  @CsvSource({
    "/demo,              text/html",
    "/demo/demo.css,     text/css",
    "/demo/demo.js,      text/javascript",
    "/demo/chat.js,      text/javascript",
    "/demo/streams.js,   text/javascript",
    "/demo/upstreams.js, text/javascript"
  })
  void servesThePageAndItsFiles(String path, String type) {
    HttpResponse<String> answer = new Client(port).get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(type + "; charset=utf-8");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .doesNotContain("unsafe");
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    assertThat(new Client(port).get("/demo").body())
        .doesNotContainPattern("(src|href)=\"(?!/demo/|data:,)")
        .doesNotContain("<style", " style=", " onclick=");
  }
}
