package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a client. */
class StopTest {
  @RegisterExtension final NothingLeft all = new NothingLeft();

  @Test
  void startsNoThreadToStopAClientThatSentNothing() throws Exception {
    HttpClient client = all.client();
    assertThat(client.stop()).isCompleted();
    Outcome.failure(client.get("http://127.0.0.1:1/").send(), Kind.STOPPED);
    assertThat(client.stop()).isCompleted();
    assertThat(NothingLeft.threads()).isEmpty();
  }
}
