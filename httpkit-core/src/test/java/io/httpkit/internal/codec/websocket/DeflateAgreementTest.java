package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Headers;
import io.httpkit.internal.codec.websocket.DeflateAgreement.Sender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateAgreementTest {
  private static final String NAME = "Sec-WebSocket-Extensions";

  private static String answer(boolean keepContext, String... lines) {
    Headers.Builder headers = Headers.builder();
    for (String line : lines) {
      headers.add(NAME, line);
    }
    DeflateAgreement agreement = DeflateAgreement.negotiate(headers.build(), keepContext);
    return agreement == null ? "none" : agreement.toHeader();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          permessage-deflate | permessage-deflate
          permessage-deflate; client_max_window_bits | permessage-deflate
          permessage-deflate; client_max_window_bits=10 | permessage-deflate
          permessage-deflate; client_max_window_bits="10" | permessage-deflate
          permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover
          permessage-deflate; client_no_context_takeover | permessage-deflate; client_no_context_takeover
          permessage-deflate ;client_no_context_takeover; server_no_context_takeover | permessage-deflate; server_no_context_takeover; client_no_context_takeover
          permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=15
          permessage-deflate; server_max_window_bits=10 | permessage-deflate; server_no_context_takeover; server_max_window_bits=10
          permessage-deflate; server_max_window_bits=8 | permessage-deflate; server_no_context_takeover; server_max_window_bits=8
          permessage-deflate; server_max_window_bits = "9" | permessage-deflate; server_no_context_takeover; server_max_window_bits=9
          permessage-deflate; server_max_window_bits="1\\0" | permessage-deflate; server_no_context_takeover; server_max_window_bits=10
          permessage-deflate; server_max_window_bits=7, permessage-deflate | permessage-deflate
          permessage-deflate; unknown, permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover
          permessage-deflate; server_max_window_bits=15, permessage-deflate | permessage-deflate; server_max_window_bits=15
          x-webkit-deflate-frame, permessage-deflate | permessage-deflate
          other; a=b; c="d", permessage-deflate | permessage-deflate
          ,, permessage-deflate , | permessage-deflate
          """)
  void answersTheFirstOfferThatCanBeAccepted(String offered, String expected) {
    assertThat(answer(true, offered)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "other",
        "permessage-deflate2",
        "permessage-deflate; unknown",
        "permessage-deflate; unknown=1",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; server_max_window_bits=x",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=010",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
      })
  void declines(String offered) {
    assertThat(answer(true, offered)).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate;",
        ";",
        "=",
        "permessage-deflate; =",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; client_max_window_bits=\"\"",
        "permessage-deflate; client_max_window_bits=\"10",
        "permessage-deflate; client_max_window_bits=\"1 0\"",
        "permessage-deflate; client_max_window_bits=\"10\\",
        "permessage-deflate client_max_window_bits",
        "permessage-deflate, (",
        "permessage-deflate, other; a=\"b\"c",
        "permessage-deflate/1",
        "permessage-d\u00e9flate",
      })
  void takesAMalformedLineAsNoOffer(String offered) {
    assertThat(answer(true, offered)).isEqualTo("none");
    assertThat(answer(true, "permessage-deflate", offered)).isEqualTo("none");
  }

  @Test
  void looksAtAllLines() {
    assertThat(answer(true)).isEqualTo("none");
    assertThat(answer(true, "other", "permessage-deflate")).isEqualTo("permessage-deflate");
    assertThat(
            answer(
                true,
                "permessage-deflate; x, other",
                "permessage-deflate; server_max_window_bits=15"))
        .isEqualTo("permessage-deflate; server_max_window_bits=15");
  }

  @Test
  void aServerThatKeepsNoContextSaysSo() {
    String none = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    assertThat(answer(false, "permessage-deflate")).isEqualTo(none);
    assertThat(answer(false, "permessage-deflate; client_no_context_takeover")).isEqualTo(none);
    assertThat(answer(false, "permessage-deflate; server_max_window_bits=9"))
        .isEqualTo(none + "; server_max_window_bits=9");
  }

  @Test
  void holdsWhatWasAgreedOn() {
    Headers headers =
        Headers.of(
            NAME, "permessage-deflate; client_no_context_takeover; server_max_window_bits=15");
    Headers small = Headers.of(NAME, "permessage-deflate; server_max_window_bits=12");

    assertThat(DeflateAgreement.negotiate(headers, true))
        .isEqualTo(new DeflateAgreement(new Sender(true, 15), new Sender(false, 15), true));
    assertThat(DeflateAgreement.negotiate(small, true))
        .isEqualTo(new DeflateAgreement(new Sender(false, 12), new Sender(true, 15)));
    assertThat(DeflateAgreement.negotiate(headers, false))
        .isEqualTo(new DeflateAgreement(new Sender(false, 15), new Sender(false, 15), true));
    assertThat(new DeflateAgreement(new Sender(true, 15), new Sender(true, 15)).toHeader())
        .isEqualTo("permessage-deflate");
  }
}
