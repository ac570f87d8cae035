package io.httpkit.benchmarks;

import io.httpkit.benchmarks.peers.JettyPeer;
import io.httpkit.benchmarks.peers.UndertowPeer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Measures the heap that servers need for a TLS connection on which nothing happens. */
public final class IdleTls {
  private static final String USAGE =
      """
      options:
        --connections N   (2000)""";

  /** Opened and closed before anything is measured, so that all is loaded and pools are full. */
  private static final int BEFORE = 300;

  private static final int SHOWN_CLASSES = 12;
  private static final int SETTLE_SECONDS = 5;
  private static final int TIMEOUT_MILLIS = 10_000;

  private static final byte[] REQUEST =
      "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int connections;
  private final Path keys;
  private final SSLContext client;

  private IdleTls(int connections, Path keys) {
    this.connections = connections;
    this.keys = keys;
    this.client = TlsKeys.context(keys);
  }

  public static void main(String[] args) throws Exception {
    int connections;
    try {
      CommandLine line = new CommandLine(args);
      connections = line.positive("--connections", 2_000);
      line.end();
      OpenFiles.require(Math.max(connections, BEFORE));
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getMessage() + "\n\n" + USAGE);
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("httpkit-idle-tls-");
    folder.toFile().deleteOnExit();
    IdleTls command = new IdleTls(connections, TlsKeys.make(folder.resolve("keys.p12")));
    Map<String, Class<?>> servers = new LinkedHashMap<>();
    servers.put("httpkit", BenchServer.class);
    servers.put("undertow", UndertowPeer.class);
    servers.put("jetty", JettyPeer.class);
    System.out.printf("%d TLS connections, Java %s%n", connections, Runtime.version());
    try (Children children = new Children()) {
      for (Map.Entry<String, Class<?>> server : servers.entrySet()) {
        command.measure(children, server.getKey(), server.getValue(), folder);
      }
    }
  }

  private void measure(Children children, String name, Class<?> main, Path folder)
      throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.start(children, name, main, List.of(), folder, keys);
    List<SSLSocket> sockets = open(server, BEFORE);
    close(sockets);
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    LiveHeap before = LiveHeap.of(server.pid());
    sockets = open(server, connections);
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    LiveHeap after = LiveHeap.of(server.pid());
    for (SSLSocket socket : sockets) {
      // all must have been open when the heap was looked at
      ask(server, socket);
    }
    close(sockets);
    report(name, before, after);
    server.end(children);
  }

  /** Connections over which one request went. */
  private List<SSLSocket> open(ServerProcess server, int count) throws IOException {
    List<SSLSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SSLSocket socket =
          (SSLSocket) client.getSocketFactory().createSocket(ServerOptions.HOST, server.port());
      socket.setSoTimeout(TIMEOUT_MILLIS);
      // or the request waits for the server to acknowledge the handshake's last message
      socket.setTcpNoDelay(true);
      sockets.add(socket);
      ask(server, socket);
    }
    return sockets;
  }

  private static void ask(ServerProcess server, SSLSocket socket) throws IOException {
    socket.getOutputStream().write(REQUEST);
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("Hello, World!") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException(server.name() + " ended a connection");
      }
      answer.append((char) next);
    }
  }

  private static void close(List<SSLSocket> sockets) throws IOException {
    for (SSLSocket socket : sockets) {
      socket.close();
    }
  }

  private void report(String name, LiveHeap before, LiveHeap after) {
    double each = (double) (after.bytes() - before.bytes()) / connections;
    System.out.printf("%n%s: %,.0f bytes (%.2f KiB) each; of which%n", name, each, each / 1024);
    Map<String, Long> grown = new HashMap<>(after.classes());
    before.classes().forEach((type, bytes) -> grown.merge(type, -bytes, Long::sum));
    grown.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN_CLASSES)
        .forEach(
            entry ->
                System.out.printf(
                    "%8.1f %s%n", (double) entry.getValue() / connections, entry.getKey()));
  }
}
