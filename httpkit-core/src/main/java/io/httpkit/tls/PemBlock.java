package io.httpkit.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One {@code -----BEGIN label-----} to its end. What is between blocks is a comment. RFC 7468. */
final class PemBlock {
  static final String CERTIFICATE = "CERTIFICATE";

  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

  /** A header of the time before PKCS #8, such as {@code Proc-Type: 4,ENCRYPTED}. */
  private static final Pattern HEADER = Pattern.compile("(?m)^[A-Za-z-]+:.*$");

  private final String label;
  private final byte[] bytes;

  private PemBlock(String label, byte[] bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** What it is, such as {@link #CERTIFICATE}. */
  String label() {
    return label;
  }

  byte[] bytes() {
    return bytes;
  }

  /** All blocks of a file. */
  static List<PemBlock> all(Source source) {
    String text = source.text();
    List<PemBlock> blocks = new ArrayList<>();
    Matcher begin = BEGIN.matcher(text);
    int from = 0;
    while (begin.find(from)) {
      String label = begin.group(1);
      String endLine = "-----END " + label + "-----";
      int end = text.indexOf(endLine, begin.end());
      if (end < 0) {
        throw source.wrong("\"" + begin.group() + "\" has no end");
      }
      blocks.add(new PemBlock(label, decode(source, label, text.substring(begin.end(), end))));
      from = end + endLine.length();
    }
    if (blocks.isEmpty()) {
      throw source.wrong("is not PEM, as it has no \"-----BEGIN ...-----\"");
    }
    return blocks;
  }

  private static byte[] decode(Source source, String label, String content) {
    if (HEADER.matcher(content).find()) {
      throw source.wrong(
          label
              + " has headers, as OpenSSL once encrypted keys;"
              + " \"openssl pkcs8 -topk8\" makes an ENCRYPTED PRIVATE KEY of it");
    }
    try {
      return Base64.getDecoder().decode(content.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw source.wrong(label + " is not Base64", e);
    }
  }

  /** What was found, for a message. */
  static String labels(List<PemBlock> blocks) {
    return blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(", "));
  }
}
