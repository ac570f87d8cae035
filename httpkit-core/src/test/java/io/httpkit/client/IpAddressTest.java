package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  /** The rules of RFC 5952 §4. */
  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:0DB8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "::1.2.3.4, ::102:304",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304"
  })
  void writesEachAddressInOneForm(String text, String expected) {
    byte[] bytes = IpAddress.parseV6(text);
    assertThat(bytes).isNotNull();
    assertThat(IpAddress.formatV6(bytes == null ? new byte[16] : bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.255, c00002ff",
    "0.0.0.0, 00000000",
    "::, 00000000000000000000000000000000",
    "::1, 00000000000000000000000000000001",
    "2001:db8::A, 20010db800000000000000000000000a",
    "1::, 00010000000000000000000000000000",
    "1:2:3:4:5:6:7:8, 00010002000300040005000600070008",
    "1:2:3:4:5:6:7::, 00010002000300040005000600070000",
    "::ffff:1.2.3.4, 00000000000000000000ffff01020304",
    "1:2:3:4:5:6:1.2.3.4, 00010002000300040005000601020304"
  })
  void readsAddressesOfBothKinds(String text, String expected) {
    assertThat(IpAddress.parse(text)).isEqualTo(HexFormat.of().parseHex(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.example",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        "a:80",
        "[::1]",
        ":::",
        "1::2::3",
        "12345::",
        "::g",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "1.2.3.4::",
        "::1.2.3",
        "fe80::1%eth0",
        ":1:2:3:4:5:6:7",
        "::\u0661"
      })
  void restIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isNull();
  }

  @Test
  void readsWhatItWritesAndAsTheJdk() throws UnknownHostException {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = new byte[16];
      for (int at = random.nextInt(16); at < 16; at += 1 + random.nextInt(5)) {
        bytes[at] = (byte) random.nextInt();
      }
      bytes[0] |= 0x20; // the JDK makes IPv4 of mapped addresses
      assertThat(IpAddress.parse(IpAddress.formatV6(bytes))).isEqualTo(bytes);
      String jdk = InetAddress.getByAddress(bytes).getHostAddress();
      assertThat(IpAddress.parse(jdk)).isEqualTo(bytes);
    }
  }
}
