package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** What happens when there is no room: for a request in the queue, for a user in the store. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"httpkit.thread=1", "httpkit.queue-size=1", "sample.max-users=1"})
class FullTest {
  @LocalServerPort private int port;

  @Test
  void answers503WhenTheQueueIsFull(@Autowired Gate gate) throws Exception {
    Client client = new Client(port);
    CompletableFuture<HttpResponse<String>> handled = client.getAsync("/gate");
    gate.await(gate.entered);
    // The worker is taken and one request fits in the queue, so one of these two is too many.
    CompletableFuture<HttpResponse<String>> second = client.getAsync("/gate");
    CompletableFuture<HttpResponse<String>> third = client.getAsync("/gate");
    CompletableFuture.anyOf(second, third).get(20, TimeUnit.SECONDS);
    HttpResponse<String> refused = (second.isDone() ? second : third).join();
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();

    gate.opened.countDown();
    assertThat(handled.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(List.of(second.get(20, TimeUnit.SECONDS), third.get(20, TimeUnit.SECONDS)))
        .extracting(HttpResponse::statusCode)
        .containsExactlyInAnyOrder(200, 503);
  }

  @Test
  void answers409WhenTheStoreIsFull() {
    Client client = new Client(port);
    String form = "name=A&email=a@example.org";
    assertThat(client.send("POST", "/users", Client.FORM, form).statusCode()).isEqualTo(201);
    HttpResponse<String> refused = client.send("POST", "/users", Client.FORM, form);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Client.json(refused).get("allowed").asString()).isEqualTo("up to 1 users");
  }

  /** Keeps a worker until it is opened. */
  static class Gate {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch opened = new CountDownLatch(1);

    Response pass() throws InterruptedException {
      entered.countDown();
      await(opened);
      return Response.text("through");
    }

    void await(CountDownLatch latch) throws InterruptedException {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class GateConfiguration {
    @Bean
    Gate gate() {
      return new Gate();
    }

    @Bean
    RouterCustomizer gateRoute(Gate gate) {
      return routes -> routes.get("/gate", request -> gate.pass());
    }
  }
}
