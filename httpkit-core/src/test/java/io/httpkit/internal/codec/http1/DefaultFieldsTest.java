package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DefaultFieldsTest {
  private static String text(DefaultFields fields, boolean dated, boolean named) {
    return new String(fields.without(dated, named), StandardCharsets.ISO_8859_1);
  }

  @Test
  void leavesOutWhatTheApplicationSets() {
    DefaultFields fields = new DefaultFields("now", "me");

    assertThat(text(fields, false, false)).isEqualTo("Server: me\r\nDate: now\r\n");
    assertThat(text(fields, true, false)).isEqualTo("Server: me\r\n");
    assertThat(text(fields, false, true)).isEqualTo("Date: now\r\n");
    assertThat(text(fields, true, true)).isEmpty();
    assertThat(fields.maxBytes()).isEqualTo("Server: me\r\nDate: now\r\n".length());
  }

  @Test
  void leavesOutWhatIsEmpty() {
    assertThat(text(new DefaultFields("", "me"), false, false)).isEqualTo("Server: me\r\n");
    assertThat(text(new DefaultFields("", "me"), false, true)).isEmpty();
    assertThat(text(new DefaultFields("now", ""), false, false)).isEqualTo("Date: now\r\n");
    assertThat(text(new DefaultFields("now", ""), true, false)).isEmpty();
    assertThat(new DefaultFields("", "").maxBytes()).isZero();
  }

  @Test
  void fieldsOfOneServerAreNotThoseOfAnother() {
    DefaultFields one = new DefaultFields("now", "one");
    DefaultFields two = new DefaultFields("then", "two");

    assertThat(text(one, false, false)).isEqualTo("Server: one\r\nDate: now\r\n");
    assertThat(text(two, false, false)).isEqualTo("Server: two\r\nDate: then\r\n");
  }
}
