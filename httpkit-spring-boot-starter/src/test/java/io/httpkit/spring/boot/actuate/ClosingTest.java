package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.ServerStatus;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Gate;
import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** What happens one after the other when an application ends in the middle of its work. */
class ClosingTest {
  private final Application application =
      Application.start(
          Busy.class, "management.server.port=0", "management.endpoint.health.probes.enabled=true");
  private final Gate gate = application.bean(Busy.class).gate;
  private final HttpKitWebServer server = application.bean(HttpKitWebServer.class);
  private final HttpKitWebServer management = application.bean(ManagementServer.class).webServer();

  @AfterEach
  void end() {
    gate.open();
    application.close();
  }

  @Test
  void probesAreAnsweredUntilTheLastRequestIs() throws Exception {
    assertThat(probe("readiness")).isEqualTo(200);
    CompletableFuture<HttpResponse<String>> stream = Http.getAsync(server.getPort(), "/stream");
    application.bean(Busy.class).streaming.get(20, TimeUnit.SECONDS);
    CompletableFuture<HttpResponse<String>> request = Http.getAsync(server.getPort(), "/slow");
    gate.awaitRequest();

    // not in the common pool, which may have one thread, and the client needs it for responses
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(application::close, task -> new Thread(task, "closing").start());

    // the stream ends by itself, but not before everybody knows that no more traffic is wanted
    assertThat(stream.get(20, TimeUnit.SECONDS).body()).isEqualTo("begun, no more traffic please");
    assertThat(application.bean(Busy.class).readinessAtTheEnd.get(20, TimeUnit.SECONDS))
        .isEqualTo(ReadinessState.REFUSING_TRAFFIC);
    await().atMost(Http.LIMIT).until(() -> server.server().status() == ServerStatus.STOPPING);
    // meanwhile the other server says that no more traffic is wanted, but that all is well
    assertThat(management.server().status()).isEqualTo(ServerStatus.RUNNING);
    assertThat(probe("readiness")).isEqualTo(503);
    assertThat(probe("liveness")).isEqualTo(200);
    assertThat(request).isNotDone();
    assertThat(closed).isNotDone();

    gate.open();

    assertThat(request.get(20, TimeUnit.SECONDS).body()).isEqualTo("through the gate");
    closed.get(20, TimeUnit.SECONDS);
    assertThat(server.server().status()).isEqualTo(ServerStatus.STOPPED);
    assertThat(management.server().status()).isEqualTo(ServerStatus.STOPPED);
  }

  private int probe(String name) {
    return Http.get(management.getPort(), "/actuator/health/" + name).statusCode();
  }

  @Configuration(proxyBeanMethods = false)
  static class Busy {
    final Gate gate = new Gate();
    final CompletableFuture<AsyncChannel> streaming = new CompletableFuture<>();
    final CompletableFuture<ReadinessState> readinessAtTheEnd = new CompletableFuture<>();

    @Bean
    RouterCustomizer work(ApplicationAvailability availability) {
      return routes ->
          routes
              .get("/slow", gate)
              .get("/stream", request -> request.asChannel(new Streaming(availability)));
    }

    /** Told by the thread that closes, so that nothing else is done meanwhile. */
    @EventListener
    void readinessChanges(AvailabilityChangeEvent<ReadinessState> event) {
      if (event.getState() == ReadinessState.REFUSING_TRAFFIC) {
        streaming.thenAccept(channel -> channel.send(", no more traffic please", false)).join();
      }
    }

    private final class Streaming implements ChannelListener {
      private final ApplicationAvailability availability;

      Streaming(ApplicationAvailability availability) {
        this.availability = availability;
      }

      @Override
      public void onOpen(AsyncChannel channel) {
        channel.send("begun", false);
        streaming.complete(channel);
      }

      @Override
      public void onClose(AsyncChannel channel, CloseStatus status) {
        readinessAtTheEnd.complete(availability.getReadinessState());
      }
    }
  }
}
