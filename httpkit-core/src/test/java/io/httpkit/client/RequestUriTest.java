package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestUriTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          http://a                      | http://a:80     | a             | /
          http://a/                     | http://a:80     | a             | /
          HTTP://EXAMPLE.com            | http://example.com:80 | example.com | /
          https://a/b                   | https://a:443   | a             | /b
          ws://a/b                      | http://a:80     | a             | /b
          WSS://a/b                     | https://a:443   | a             | /b
          http://a:80/                  | http://a:80     | a             | /
          http://a:/                    | http://a:80     | a             | /
          http://a:0080/                | http://a:80     | a             | /
          http://a:443/                 | http://a:443    | a:443         | /
          https://a:443/                | https://a:443   | a             | /
          https://a:80/                 | https://a:80    | a:80          | /
          http://a:65535                | http://a:65535  | a:65535       | /
          http://a:1                    | http://a:1      | a:1           | /
          http://a?b                    | http://a:80     | a             | /?b
          http://a?                     | http://a:80     | a             | /?
          http://a#b                    | http://a:80     | a             | /
          http://a/b?c=d?e/f#g?h        | http://a:80     | a             | /b?c=d?e/f
          http://a//b///c               | http://a:80     | a             | //b///c
          http://a?b=http://c/../d      | http://a:80     | a             | /?b=http://c/../d
          http://a/b/../c/./d/..        | http://a:80     | a             | /c/
          http://a/../..                | http://a:80     | a             | /
          http://a/%2e%2e/b             | http://a:80     | a             | /%2e%2e/b
          http://a/...                  | http://a:80     | a             | /...
          `  http://a/b  `              | http://a:80     | a             | /b
          http://my_host-1              | http://my_host-1:80 | my_host-1 | /
          http://a.b.                   | http://a.b.:80  | a.b.          | /
          http://127.0.0.1:8090/        | http://127.0.0.1:8090 | 127.0.0.1:8090 | /
          http://1a.2b                  | http://1a.2b:80 | 1a.2b         | /
          http://[::1]/                 | http://[::1]:80 | [::1]         | /
          https://[0:0:0:0:0:0:0:1]:90/ | https://[::1]:90 | [::1]:90     | /
          http://[2001:DB8:0:0:1::1]    | http://[2001:db8::1:0:0:1]:80 | [2001:db8::1:0:0:1] | /
          http://[::ffff:1.2.3.4]       | http://[::ffff:102:304]:80 | [::ffff:102:304] | /
          http://bücher.example/        | http://xn--bcher-kva.example:80 | xn--bcher-kva.example | /
          http://BÜCHER.example/        | http://xn--bcher-kva.example:80 | xn--bcher-kva.example | /
          http://例え。jp/              | http://xn--r8jz45g.jp:80 | xn--r8jz45g.jp | /
          http://xn--bcher-kva.example/ | http://xn--bcher-kva.example:80 | xn--bcher-kva.example | /
          http://a/p?q=沈锋 x           | http://a:80     | a             | /p?q=%E6%B2%88%E9%94%8B%20x
          http://a/p?q=沈锋%20x#é       | http://a:80     | a             | /p?q=%E6%B2%88%E9%94%8B%20x
          http://a/é b/%C3%a9/100%/%zz  | http://a:80     | a             | /%C3%A9%20b/%C3%a9/100%25/%25zz
          `http://a/{b}|[c]?d[]="e"`    | http://a:80     | a             | /%7Bb%7D%7C%5Bc%5D?d%5B%5D=%22e%22
          http://a/;b=c,d:e@f!$&'()*+   | http://a:80     | a             | /;b=c,d:e@f!$&'()*+
          """)
  void parsesWhatUsersType(String url, String origin, String hostHeader, String target) {
    RequestUri uri = RequestUri.parse(url);

    assertThat(uri.origin().scheme() + "://" + uri.origin().authority()).isEqualTo(origin);
    assertThat(uri.hostHeader()).isEqualTo(hostHeader);
    assertThat(uri.target()).isEqualTo(target);
    assertThat(uri.absolute()).isEqualTo(uri.scheme() + "://" + hostHeader + target);
    assertThat(RequestUri.parse(uri.absolute())).isEqualTo(uri).hasSameHashCodeAs(uri);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/a",
        "//a/b",
        "example.com",
        "example.com/a",
        "localhost:8080",
        "localhost:8080/a",
        "://a",
        ":a",
        "http:a",
        "http:/a",
        "http",
        "ftp://a",
        "file:///a",
        "httpx://a",
        "1http://a",
        "javascript:alert(1)",
        "ht tp://a"
      })
  void rejectsOtherSchemes(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestUri.parse(url))
        .withMessage("a URL must begin with http://, https://, ws:// or wss://");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "http:///a",
        "http://?a",
        "http://#a",
        "http://:80",
        "http://.",
        "http://a..b",
        "http://.a",
        "http://a b",
        "http://a%20b",
        "http://a%2fb",
        "http://a,b",
        "http://a\"b",
        "http://<a>",
        "http://a;b",
        "http://a*b",
        "http://::1/",
        "http://a:80:80",
        "http://123456789012345678901234567890123456789012345678901234567890abcd/"
      })
  void rejectsWhatIsNoHost(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestUri.parse(url))
        .withMessageContaining("a host");
  }

  @Test
  void rejectsNameThatIsTooLong() {
    String longest = "a.".repeat(126) + "b";
    assertThat(RequestUri.parse("http://" + longest).hostHeader()).hasSize(253);
    assertThatIllegalArgumentException().isThrownBy(() -> RequestUri.parse("http://c." + longest));
  }

  /** The conversion to ASCII makes delimiters of these. */
  @ParameterizedTest
  @ValueSource(strings = {"a\uff0fb", "a\uff1ab", "a\uff20b", "a\uff03b", "a\uff1fb", "a\u2100b"})
  void rejectsHostThatWouldBeSplitByItsConversion(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> RequestUri.parse("http://" + host + "/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "127.1",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "01.2.3.4",
        "1.2.3.04",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "1.2.3.0x4",
        "1.2.3.4.",
        "a.1",
        "1..2",
        "\uff11.\uff12"
      })
  void rejectsNumbersThatSomeResolversTakeForAnAddress(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestUri.parse("http://" + host + "/"))
        .withMessageStartingWith("a host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[::1",
        "[::1]a",
        "[a]",
        "[1:2:3]",
        "[:::]",
        "[::1::2]",
        "[1:2:3:4:5:6:7:8:9]",
        "[::12345]",
        "[::g]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[1.2.3.4]",
        "[1.2.3.4::]",
        "[::1.2.3]",
        "[1:2:3:4:5:6:7::8]",
        "[1:2:3:4:5:6:7:1.2.3.4]",
        "[:1]",
        "[1:]",
        "[v1.a]"
      })
  void rejectsWhatIsNoIpv6Address(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> RequestUri.parse("http://" + host + "/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "+80", "-1", "8o", "99999999999999999999", "0x50", " 80"})
  void rejectsWhatIsNoPort(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestUri.parse("http://a:" + port + "/"))
        .withMessage("a port must be a number of 1 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestUri.parse("http://[::1]:" + port + "/"));
  }

  @Test
  void rejectsControlCharactersAndBackslashesAnywhere() {
    String url = "http://u:p@a/b?c#d";
    for (char c : new char[] {0, '\t', '\n', '\r', 0x1f, 0x7f, 0x85, 0x9f, '\\'}) {
      for (int at = 0; at <= url.length(); at++) {
        String bad = url.substring(0, at) + c + url.substring(at);
        String message =
            "a URL may hold neither control characters nor backslashes, but has one at index " + at;
        assertThatIllegalArgumentException()
            .isThrownBy(() -> RequestUri.parse(bad))
            .withMessage(message);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          http://a/           ,       ,
          http://@a/          ,       ,
          http://u@a/         , u     , ``
          http://u:@a/        , u     , ``
          http://u:p@a/       , u     , p
          http://:p@a/        , ``    , p
          http://u:p:q@a/     , u     , p:q
          http://u%40v:p%3a@a , u@v   , p:
          http://ü:100%@a/    , ü     , 100%
          http://a/u:p@b      ,       ,
          http://a?u:p@b      ,       ,
          """)
  void userAndPasswordAreKeptApart(String url, @Nullable String user, @Nullable String password) {
    RequestUri uri = RequestUri.parse(url);

    Credentials expected =
        user == null || password == null ? null : new Credentials(user, password);
    assertThat(uri.credentials()).isEqualTo(expected);
    assertThat(uri.origin().host()).isEqualTo("a");
    if (expected != null) {
      assertThat(uri.absolute()).doesNotContain("@");
      assertThat(uri.toString()).isEqualTo(uri.absolute());
      assertThat(uri).isNotEqualTo(uri.withCredentials(null));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a@b@c/", "http://u:p@q@a/", "http://u%3Av:p@a/", "http://%0a@a/"})
  void rejectsAmbiguousUserAndDoesNotShowIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestUri.parse(url))
        .withMessageNotContaining("p@");
  }

  @Test
  void credentialsAreBasicAndHidden() {
    Credentials credentials = new Credentials("Aladdin", "open sesame");
    assertThat(credentials.basic()).isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assertThat(new Credentials("test", "123\u00a3").basic()).isEqualTo("Basic dGVzdDoxMjPCow==");
    assertThat(credentials.toString()).doesNotContain("Aladdin", "sesame");
  }

  /** RFC 3986 §5.4.1 and §5.4.2, without the fragments. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          g             , http://a/b/c/g
          ./g           , http://a/b/c/g
          g/            , http://a/b/c/g/
          /g            , http://a/g
          //g           , http://g/
          ?y            , http://a/b/c/d;p?y
          g?y           , http://a/b/c/g?y
          #s            , http://a/b/c/d;p?q
          g#s           , http://a/b/c/g
          g?y#s         , http://a/b/c/g?y
          ;x            , http://a/b/c/;x
          g;x           , http://a/b/c/g;x
          g;x?y#s       , http://a/b/c/g;x?y
          ``            , http://a/b/c/d;p?q
          .             , http://a/b/c/
          ./            , http://a/b/c/
          ..            , http://a/b/
          ../           , http://a/b/
          ../g          , http://a/b/g
          ../..         , http://a/
          ../../        , http://a/
          ../../g       , http://a/g
          ../../../g    , http://a/g
          ../../../../g , http://a/g
          /./g          , http://a/g
          /../g         , http://a/g
          g.            , http://a/b/c/g.
          .g            , http://a/b/c/.g
          g..           , http://a/b/c/g..
          ..g           , http://a/b/c/..g
          ./../g        , http://a/b/g
          ./g/.         , http://a/b/c/g/
          g/./h         , http://a/b/c/g/h
          g/../h        , http://a/b/c/h
          g;x=1/./y     , http://a/b/c/g;x=1/y
          g;x=1/../y    , http://a/b/c/y
          g?y/./x       , http://a/b/c/g?y/./x
          g?y/../x      , http://a/b/c/g?y/../x
          g#s/./x       , http://a/b/c/g
          g#s/../x      , http://a/b/c/g
          ?             , http://a/b/c/d;p?
          //g?y         , http://g/?y
          //G:81/h/../i , http://g:81/i
          https://g:443 , https://g/
          /é ü          , http://a/%C3%A9%20%C3%BC
          1:2           , http://a/b/c/1:2
          """)
  void resolvesReferences(String reference, String expected) {
    assertThat(RequestUri.parse("http://a/b/c/d;p?q").resolve(reference)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"g:h", "http:g", "ftp://a", "//", "//a:0", "/\\g", "/\n", "///g"})
  void rejectsReferencesThatLeadNowhere(String reference) {
    RequestUri base = RequestUri.parse("http://a/b");
    assertThatIllegalArgumentException().isThrownBy(() -> base.resolve(reference));
  }

  @Test
  void credentialsStayWhereTheAuthorityDoes() {
    RequestUri base = RequestUri.parse("http://u:p@a/b");
    assertThat(base.resolve("c").credentials()).isEqualTo(new Credentials("u", "p"));
    assertThat(base.resolve("//a/c").credentials()).isNull();
    assertThat(base.resolve("http://a/c").credentials()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          http://a      , ``      , http://a/
          http://a      , x=1     , http://a/?x=1
          http://a?     , x=1     , http://a/?x=1
          http://a?b#c  , x=1&y=2 , http://a/?b&x=1&y=2
          """)
  void parametersAreAddedBehindTheQuery(String url, String parameters, String expected) {
    assertThat(RequestUri.parse(url).withMoreQuery(parameters)).hasToString(expected);
  }

  @Test
  void originsAreComparedByAllThreeParts() {
    Origin origin = RequestUri.parse("http://a").origin();
    assertThat(RequestUri.parse("ws://A:80/b").origin()).isEqualTo(origin);
    assertThat(RequestUri.parse("https://a:80").origin()).isNotEqualTo(origin);
    assertThat(RequestUri.parse("http://a:81").origin()).isNotEqualTo(origin);
    assertThat(RequestUri.parse("http://b").origin()).isNotEqualTo(origin);
    assertThat(RequestUri.parse("http://[::1]").origin())
        .isEqualTo(RequestUri.parse("http://[0::0:1]").origin());
  }

  @Test
  void whatIsAcceptedIsAUriOfTheJdkAndStaysAsItIs() {
    Random random = new Random(3);
    String alphabet = "ab/.?#%4;:=&+ \u00e9\ud83d\ude00[]{}\"<>^`|@";
    for (int i = 0; i < 5000; i++) {
      String text =
          random
              .ints(random.nextInt(12), 0, alphabet.codePointCount(0, alphabet.length()))
              .map(at -> alphabet.codePoints().toArray()[at])
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      RequestUri uri = RequestUri.parse("http://h/" + text);

      assertThat(RequestUri.parse(uri.absolute())).isEqualTo(uri);
      assertThat(URI.create(uri.absolute()).getRawPath()).isEqualTo(uri.path());
      assertThat(uri.target()).matches("/[!-~&&[^#\"<>\\\\^`{|}]]*");
    }
  }
}
