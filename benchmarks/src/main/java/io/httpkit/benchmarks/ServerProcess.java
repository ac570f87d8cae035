package io.httpkit.benchmarks;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server in a JVM of its own, which is stopped unless it is its turn. */
final class ServerProcess {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int POLL_MILLIS = 20;
  private static final int SETTLE_MILLIS = 200;
  private static final int TIMEOUT_MILLIS = 5000;

  private final String name;
  private final int port;
  private final Process process;
  private final Path log;

  /** Trusts the server; null if it speaks plaintext. */
  private final @Nullable SSLContext tls;

  private ServerProcess(
      String name, int port, Process process, Path log, @Nullable SSLContext tls) {
    this.tls = tls;
    this.name = name;
    this.port = port;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param options of the server, behind its port
   * @param folder where its output goes
   * @param keys of {@link TlsKeys}; null for plaintext
   * @throws IllegalStateException if it does not answer
   */
  static ServerProcess start(
      Children children,
      String name,
      Class<?> main,
      List<String> options,
      Path folder,
      @Nullable Path keys)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = java(main);
    command.add(Integer.toString(port));
    command.addAll(options);
    if (keys != null) {
      command.addAll(List.of("--tls", keys.toString()));
    }
    Path log = folder.resolve(name + ".log");
    log.toFile().deleteOnExit();
    Process process =
        children.start(
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
    ServerProcess server =
        new ServerProcess(name, port, process, log, keys == null ? null : TlsKeys.context(keys));
    server.awaitAnswer();
    return server;
  }

  /** A command that runs this class in a JVM as all that are measured have, without arguments. */
  static List<String> java(Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(tool("java"));
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-cp", System.getProperty("java.class.path")));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add(main.getName());
    return command;
  }

  /** A program of the JDK that this runs on. */
  static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - start > START_NANOS) {
        throw new IllegalStateException(
            name + " does not answer; its output:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private boolean answers() {
    try {
      return Arrays.equals(get("/plaintext"), Payload.hello());
    } catch (IOException e) {
      return false;
    }
  }

  /** Fails unless the server answers each scenario as it should. */
  void check() throws IOException {
    byte[] json = "{\"message\":\"Hello, World!\"}".getBytes(StandardCharsets.US_ASCII);
    byte[] sent = new byte[16 * 1024];
    Arrays.fill(sent, (byte) 'e');
    expect("/json", json, get("/json"));
    expect("/bytes?n=1000", Payload.bytes("1000"), get("/bytes?n=1000"));
    expect("/echo", sent, post("/echo", sent));
  }

  private void expect(String what, byte[] wanted, byte[] found) {
    if (!Arrays.equals(wanted, found)) {
      throw new IllegalStateException(
          name + " answers " + what + " with other bytes than it should");
    }
  }

  private byte[] get(String path) throws IOException {
    return answer(connect(path));
  }

  private byte[] post(String path, byte[] body) throws IOException {
    HttpURLConnection connection = connect(path);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/octet-stream");
    connection.getOutputStream().write(body);
    return answer(connection);
  }

  private HttpURLConnection connect(String path) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri(path).toURL().openConnection();
    if (tls != null) {
      ((HttpsURLConnection) connection).setSSLSocketFactory(tls.getSocketFactory());
    }
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection;
  }

  URI uri(String path) {
    String scheme = tls == null ? "http" : "https";
    return URI.create(scheme + "://" + ServerOptions.HOST + ":" + port + path);
  }

  private static byte[] answer(HttpURLConnection connection) throws IOException {
    try {
      return connection.getInputStream().readAllBytes();
    } finally {
      connection.disconnect();
    }
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  long pid() {
    return process.pid();
  }

  /** Lets the server run on. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
  }

  /** Keeps the server from running, once it has seen the end of the last load. */
  void pause() throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    signal("STOP");
  }

  /** By a shell, as not every system has the command by itself. */
  private void signal(String signal) throws IOException, InterruptedException {
    String command = "kill -" + signal + " " + process.pid();
    int code = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(name + " has ended; its output:\n" + Files.readString(log));
    }
  }

  void end(Children children) throws InterruptedException {
    children.end(process);
  }

  /** The CPU time of all its threads so far, in clock ticks: see proc(5). */
  long cpuTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    // the name of the program, in parentheses, may hold spaces; after it, user time is the 12th
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 14);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** The clock ticks of a second. */
  static int ticksPerSecond() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("getconf", "CLK_TCK").start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
    if (process.waitFor() != 0) {
      throw new IOException("getconf CLK_TCK failed");
    }
    return Integer.parseInt(output);
  }
}
