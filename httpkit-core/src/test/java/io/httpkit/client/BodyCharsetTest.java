package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.MediaType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyCharsetTest {
  private static Optional<MediaType> type(@Nullable String type) {
    return type == null ? Optional.empty() : MediaType.parse(type);
  }

  private static String charset(@Nullable String type, byte[] bytes) {
    return BodyCharset.of(type(type), bytes, bytes.length).name();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
                                       | ``                                        | UTF-8
                                       | <meta charset=gbk>                        | UTF-8
          text/plain                   | <meta charset=gbk>                        | UTF-8
          application/json             | <?xml version="1.0" encoding="gbk"?>      | UTF-8
          text/html; charset=gbk       | <meta charset=utf-8>                      | GBK
          text/html; charset="GB2312"  | x                                         | GB2312
          text/plain; notcharset=gbk   | x                                         | UTF-8
          text/html; charset=nonsense  | <meta charset=gbk>                        | GBK
          text/html; charset=          | <meta charset=gbk>                        | GBK
          text/html                    | ``                                        | UTF-8
          text/html                    | <meta charset="gb2312">                   | GB2312
          text/html                    | <META CHARSET='GBK'>                      | GBK
          text/html                    | <meta charset=gbk/>                       | UTF-8
          text/html                    | <meta charset=gbk />                      | GBK
          text/html                    | <meta/charset=gbk>                        | GBK
          text/html                    | <meta charset = "gbk" >                   | GBK
          text/html                    | <meta charset=" gbk ">                    | GBK
          text/html                    | <meta name=a charset=gbk>                 | GBK
          text/html                    | <meta name="a>b" charset=gbk>             | GBK
          text/html                    | <meta charset=nonsense>                   | UTF-8
          text/html                    | <meta charset>                            | UTF-8
          text/html                    | <meta charset=utf-16>                     | UTF-8
          text/html                    | <meta = charset=gbk>                      | GBK
          text/html                    | <metadata charset=gbk>                    | UTF-8
          text/html                    | <p charset=gbk><meta name=b>              | UTF-8
          text/html                    | <!-- <meta charset=gbk> -->               | UTF-8
          text/html                    | <!--><meta charset=gbk>                   | GBK
          text/html                    | <!-- <meta charset=gbk>                   | UTF-8
          text/html                    | <!-- --><meta charset=gbk>                | GBK
          text/html                    | <meta name=a><meta charset=gbk>           | GBK
          text/html                    | <meta charset=gbk><meta charset=utf-8>    | GBK
          text/html                    | <meta http-equiv="Content-Type" content="text/html; charset=gb2312"> | GB2312
          text/html                    | <meta content='text/html;charset=gbk' http-equiv=content-type>       | GBK
          text/html                    | <meta http-equiv=content-type content='charset = "gbk"; x'>          | GBK
          text/html                    | <meta http-equiv=content-type content="charset charset=gbk">         | GBK
          text/html                    | <meta http-equiv=refresh content="text/html; charset=gbk">           | UTF-8
          text/html                    | <meta content="text/html; charset=gbk">   | UTF-8
          text/html                    | <meta http-equiv=content-type content="text/html"> | UTF-8
          text/html                    | <?xml version="1.0" encoding="gbk"?>      | UTF-8
          text/xml                     | <?xml version="1.0" encoding="gbk"?><a/>  | GBK
          application/xml              | <?xml version='1.0' encoding = 'GB2312' ?> | GB2312
          application/atom+xml         | <?xml version="1.0" encoding="gbk"?>      | GBK
          application/xhtml+xml        | <?xml version="1.0" encoding="gbk"?>      | GBK
          application/xhtml+xml        | <html><meta charset="gbk"/>               | GBK
          text/xml                     | <?xml version="1.0"?><a encoding="gbk"/>  | UTF-8
          text/xml                     | <?xml version="1.0" encoding="nonsense"?> | UTF-8
          text/xml                     | <?xml version="1.0" encoding="utf-16"?>   | UTF-8
          text/xml                     | <?xml version="1.0" encoding="gbk"        | UTF-8
          text/xml                     | <meta charset=gbk>                        | UTF-8
          """)
  void findsTheCharset(@Nullable String type, String body, String expected) {
    assertThat(charset(type, bytes(body))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain                   | efbbbf61     | UTF-8      | a
          text/plain                   | feff0061     | UTF-16BE   | a
          text/plain                   | fffe6100     | UTF-16LE   | a
                                       | fffe6100     | UTF-16LE   | a
          text/plain; charset=utf-8    | efbbbf61     | UTF-8      | a
          text/plain; charset=utf-16   | fffe6100     | UTF-16     | a
          text/plain; charset=utf-16le | fffe6100     | UTF-16LE   | a
          text/plain; charset=gbk      | 61d6d0cec4   | GBK        | a中文
          text/plain; charset=gb2312   | 61d6d0cec4   | GB2312     | a中文
          text/plain                   | 61e4b8ade69687 | UTF-8    | a中文
          text/plain                   | efbb         | UTF-8      | \ufffd
          text/plain                   | ff           | UTF-8      | \ufffd
          """)
  void decodesAndTakesTheMarkOff(
      @Nullable String type, String hex, String charset, String expected) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(charset(type, bytes)).isEqualTo(charset);
    assertThat(BodyCharset.text(type(type), bytes, bytes.length)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gbk", "gb2312"})
  void decodesWhatAPageSaysOfItself(String name) {
    String page = "<html><head><meta charset=\"" + name + "\"></head>中文</html>";
    byte[] bytes = page.getBytes(Charset.forName(name));
    assertThat(BodyCharset.text(type("text/html"), bytes, bytes.length)).isEqualTo(page);
  }

  @Test
  void markWinsOverWhatThePageSays() {
    assertThat(charset("text/html", bytes("\u00ef\u00bb\u00bf<meta charset=gbk>")))
        .isEqualTo("UTF-8");
  }

  @Test
  void looksAtTheFirst1024BytesOnly() {
    String meta = "<meta charset=gbk>";
    assertThat(charset("text/html", bytes(" ".repeat(1024 - meta.length()) + meta)))
        .isEqualTo("GBK");
    assertThat(charset("text/html", bytes(" ".repeat(1025 - "<meta charset=g".length()) + meta)))
        .isEqualTo("UTF-8");
  }

  @Test
  void looksAtTheBytesOfTheBodyOnly() {
    byte[] bytes = bytes("<meta charset=gbk>");
    assertThat(BodyCharset.of(type("text/html"), bytes, 10)).isEqualTo(StandardCharsets.UTF_8);
    assertThat(BodyCharset.text(type("text/html"), bytes, 5)).isEqualTo("<meta");
  }

  @Test
  void endsWhateverThePageIs() {
    Random random = new Random(9);
    String[] words = {
      "<meta", " charset", "=", "gbk", ">", "\"", "'", "<!--", "-->", "/", " ", "<"
    };
    for (int i = 0; i < 5000; i++) {
      StringBuilder page = new StringBuilder();
      for (int word = random.nextInt(20); word > 0; word--) {
        page.append(words[random.nextInt(words.length)]);
      }
      assertThat(charset("text/html", bytes(page.toString()))).isIn("UTF-8", "GBK");
    }
  }
}
