package io.httpkit.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the name of the charset in the {@code meta} elements at the start of an HTML document:
 * {@code <meta charset="…">}, or {@code <meta http-equiv="Content-Type" content="…; charset=…">}.
 * WHATWG HTML §13.2.3.2, without what it does for documents that are broken.
 */
final class MetaCharset {
  private static final String COMMENT = "<!--";
  private static final String META = "<meta";
  private static final String CHARSET = "charset";

  private final String html;
  private int at;

  private MetaCharset(String html) {
    this.html = html;
  }

  /** The name that is found first; null if there is none. */
  static @Nullable String find(String html) {
    return new MetaCharset(html).find();
  }

  private @Nullable String find() {
    while ((at = html.indexOf('<', at)) >= 0) {
      if (html.startsWith(COMMENT, at)) {
        int end = html.indexOf("-->", at + COMMENT.length() - 2);
        at = end < 0 ? html.length() : end + 3;
      } else if (isMeta()) {
        at += META.length();
        String name = readMeta();
        if (name != null) {
          return name;
        }
      } else {
        at++;
      }
    }
    return null;
  }

  private boolean isMeta() {
    int end = at + META.length();
    return html.regionMatches(true, at, META, 0, META.length())
        && end < html.length()
        && (isSpace(html.charAt(end)) || html.charAt(end) == '/');
  }

  /** Reads the attributes to the end of the element. */
  private @Nullable String readMeta() {
    String charset = null;
    String content = null;
    boolean isContentType = false;
    for (String name = attributeName(); !name.isEmpty(); name = attributeName()) {
      String value = attributeValue();
      switch (name) {
        case "charset" -> charset = charset == null ? value : charset;
        case "content" -> content = content == null ? value : content;
        case "http-equiv" -> isContentType |= value.equalsIgnoreCase("content-type");
        default -> {
          // says nothing about the charset
        }
      }
    }
    if (charset != null) {
      return charset.strip();
    }
    return isContentType && content != null ? inContent(content) : null;
  }

  /** In lower case; empty at the end of the element. */
  private String attributeName() {
    while (at < html.length() && (isSpace(html.charAt(at)) || html.charAt(at) == '/')) {
      at++;
    }
    int start = at;
    while (at < html.length() && !isSpace(html.charAt(at)) && "/=>".indexOf(html.charAt(at)) < 0) {
      at++;
    }
    if (at == start && at < html.length() && html.charAt(at) == '=') {
      at++; // is part of a name there
    }
    return html.substring(start, at).toLowerCase(Locale.ROOT);
  }

  private String attributeValue() {
    skipSpace();
    if (at == html.length() || html.charAt(at) != '=') {
      return "";
    }
    at++;
    skipSpace();
    if (at == html.length()) {
      return "";
    }
    char quote = html.charAt(at);
    int start = at;
    if (quote == '"' || quote == '\'') {
      int end = html.indexOf(quote, start + 1);
      at = end < 0 ? html.length() : end + 1;
      return html.substring(start + 1, end < 0 ? html.length() : end);
    }
    while (at < html.length() && !isSpace(html.charAt(at)) && html.charAt(at) != '>') {
      at++;
    }
    return html.substring(start, at);
  }

  private void skipSpace() {
    while (at < html.length() && isSpace(html.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  }

  /** The charset in a content type, which may be malformed. WHATWG HTML §2.4.2. */
  private static @Nullable String inContent(String content) {
    String lower = content.toLowerCase(Locale.ROOT);
    for (int found = lower.indexOf(CHARSET);
        found >= 0;
        found = lower.indexOf(CHARSET, found + 1)) {
      String name = valueBehind(content, found + CHARSET.length());
      if (name != null) {
        return name;
      }
    }
    return null;
  }

  /** What stands, in quotes or not, behind an equals sign at this place; null if there is none. */
  static @Nullable String valueBehind(String text, int from) {
    MetaCharset reader = new MetaCharset(text);
    reader.at = from;
    String value = reader.attributeValue();
    int semicolon = value.indexOf(';');
    String name = semicolon < 0 ? value : value.substring(0, semicolon);
    return name.isBlank() ? null : name.strip();
  }
}
