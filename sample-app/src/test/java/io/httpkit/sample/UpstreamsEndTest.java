package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

@Timeout(60)
class UpstreamsEndTest {
  @Test
  void theClientEndsWithTheApplication() throws InterruptedException {
    // Applications of other tests may still run.
    Set<Thread> before = clientThreads();
    try (ConfigurableApplicationContext application =
        SpringApplication.run(SampleApplication.class, "--httpkit.port=0")) {
      int port =
          application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      assertThat(new Client(port).get("/upstreams").statusCode()).isEqualTo(200);
      assertThat(others(before)).isNotEmpty();
    }
    for (Thread thread : others(before)) {
      thread.join(Client.LIMIT.toMillis());
      assertThat(thread.isAlive()).as("%s is alive", thread).isFalse();
    }
  }

  private static Set<Thread> others(Set<Thread> known) {
    Set<Thread> threads = new HashSet<>(clientThreads());
    threads.removeAll(known);
    return threads;
  }

  private static Set<Thread> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("http-kit-client-"))
        .collect(Collectors.toSet());
  }
}
