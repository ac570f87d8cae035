package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                    | http://a.com        | false
          `, ,`                 | http://a.com        | false
          *                     | http://a.com        | true
          *                     | http://[::1]        | true
          *:81                  | http://a.com:81     | true
          *:81                  | http://a.com        | false
          a.com                 | http://a.com        | true
          a.com                 | https://A.COM:99    | true
          A.com                 | http://a.com        | true
          a.com                 | http://b.a.com      | true
          a.com                 | http://c.b.a.com    | true
          a.com                 | http://ba.com       | false
          a.com                 | http://a.com.org    | false
          a.com                 | http://com          | false
          .a.com                | http://a.com        | true
          .a.com                | http://b.a.com      | true
          .a.com                | http://ba.com       | false
          a.com.                | http://a.com        | true
          a.com                 | http://a.com.       | true
          a.com                 | http://b.a.com.     | true
          bücher.example        | http://xn--bcher-kva.example | true
          localhost             | http://localhost:1  | true
          localhost             | http://127.0.0.1    | false
          my_host               | http://my_host      | true
          a.com:80              | http://a.com        | true
          a.com:80              | http://b.a.com      | true
          a.com:80              | https://a.com       | false
          a.com:443             | https://a.com       | true
          a.com:443             | wss://a.com         | true
          a.com:0               | http://a.com        | false
          a.com:x               | http://a.com        | false
          a.com:                | http://a.com        | false
          b.com,a.com           | http://a.com        | true
          b.com a.com           | http://a.com        | true
          `b.com , a.com`       | http://a.com        | true
          *.a.com               | http://b.a.com      | false
          a.*                   | http://a.com        | false
          1.2.3.4               | http://1.2.3.4      | true
          1.2.3.4               | http://1.2.3.5      | false
          1.2.3.4               | http://11.2.3.4     | false
          .2.3.4                | http://1.2.3.4      | false
          3.4                   | http://1.2.3.4      | false
          1.2.3.4:81            | http://1.2.3.4:81   | true
          1.2.3.4:81            | http://1.2.3.4      | false
          ::1                   | http://[::1]        | true
          [::1]                 | http://[::1]        | true
          0:0:0:0:0:0:0:1       | http://[::1]        | true
          FE80::A               | http://[fe80::a]    | true
          [::1]:81              | http://[::1]:81     | true
          [::1]:81              | http://[::1]        | false
          ::1                   | http://[::2]        | false
          10.0.0.0/8            | http://10.255.1.2   | true
          10.9.9.9/8            | http://10.1.2.3     | true
          10.0.0.0/8            | http://11.0.0.1     | false
          10.0.0.0/8            | http://10.example   | false
          192.168.1.128/25      | http://192.168.1.128 | true
          192.168.1.128/25      | http://192.168.1.127 | false
          1.2.3.4/32            | http://1.2.3.4      | true
          1.2.3.4/32            | http://1.2.3.5      | false
          0.0.0.0/0             | http://9.9.9.9      | true
          0.0.0.0/0             | http://[::1]        | false
          fd00::/8              | http://[fdff::1]    | true
          fd00::/8              | http://[fc00::1]    | false
          [fd00::]/8            | http://[fd00::1]    | true
          ::/0                  | http://1.2.3.4      | false
          10.0.0.0/33           | http://10.0.0.0     | false
          10.0.0.0/-1           | http://10.0.0.0     | false
          10.0.0.0/             | http://10.0.0.0     | false
          10.0.0.0/x            | http://10.0.0.0     | false
          a.com/8               | http://a.com        | false
          10.0.0.0/33,a.com     | http://a.com        | true
          """)
  void namesTargetsAsCurlDoes(String list, String url, boolean matches) {
    assertThat(NoProxy.parse(list).matches(RequestUri.parse(url).origin())).isEqualTo(matches);
  }

  @Test
  void rulesAreAdded() {
    NoProxy both = NoProxy.parse("a").and(NoProxy.parse("b"));
    assertThat(both).isEqualTo(NoProxy.parse("a,b")).hasSameHashCodeAs(NoProxy.parse("A b"));
    assertThat(both).hasToString("a,b").isNotEqualTo(NoProxy.parse("a"));
    assertThat(both.matches(RequestUri.parse("http://b").origin())).isTrue();
    assertThat(NoProxy.parse("a").and(NoProxy.NOTHING)).isEqualTo(NoProxy.parse("a"));
  }
}
