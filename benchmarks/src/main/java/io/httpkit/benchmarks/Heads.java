package io.httpkit.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests as clients send them. */
public final class Heads {
  /** How many requests are sent at once where they are pipelined. */
  public static final int PIPELINED = 16;

  private Heads() {}

  /** What wrk sends. */
  public static String wrk(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:8090\r\n\r\n";
  }

  /** What a browser sends: 15 header fields. */
  public static String browser(String path) {
    return "GET "
        + path
        + """
         HTTP/1.1
        Host: www.example.com
        Connection: keep-alive
        Cache-Control: max-age=0
        sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Linux"
        Upgrade-Insecure-Requests: 1
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/140.0.0.0 Safari/537.36
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
        Sec-Fetch-Site: same-origin
        Sec-Fetch-Mode: navigate
        Referer: https://www.example.com/users?page=2
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9,de;q=0.8
        Cookie: session=8d7f3a52c1b94e0fa6e1b3c7d9024f68; theme=dark; visited=2026-01-01

        """
            .replace("\n", "\r\n");
  }

  /** These bytes in a direct buffer, as they come from a socket. */
  public static ByteBuffer direct(String bytes) {
    byte[] ascii = bytes.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocateDirect(ascii.length).put(ascii).flip();
  }
}
