package io.httpkit.benchmarks;

import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs what the first argument names. */
public final class Main {
  private static final String USAGE =
      """
      usage: java -jar benchmarks.jar COMMAND

        jmh [PATTERN] [options of JMH]   the micro-benchmarks, with bytes allocated
        compare [options]                this server beside others under load
        websocket [options]              their WebSockets: echo, and broadcast to a room
        clients [options]                this client beside others
        idle-websockets [options]        heap for an idle WebSocket of this server
        idle-tls [options]               heap for an idle TLS connection, of three servers
        serve PORT [options]             this server with the routes that are measured""";

  private Main() {}

  public static void main(String[] args) throws Exception {
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (args.length == 0 ? "" : args[0]) {
      case "jmh" -> jmh(rest);
      case "compare" -> Compare.main(rest);
      case "websocket" -> WebSocketCompare.main(rest);
      case "clients" -> ClientCompare.main(rest);
      case "idle-websockets" -> IdleWebSockets.main(rest);
      case "idle-tls" -> IdleTls.main(rest);
      case "serve" -> BenchServer.main(rest);
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }

  private static void jmh(String... args) throws Exception {
    if (List.of(args).contains("-h") || List.of(args).contains("-l")) {
      org.openjdk.jmh.Main.main(args);
      return;
    }
    try {
      CommandLineOptions given = new CommandLineOptions(args);
      ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
      if (given.getProfilers().isEmpty()) {
        options.addProfiler(GCProfiler.class);
      }
      new Runner(options.build()).run();
    } catch (NoBenchmarksException e) {
      System.err.println("no benchmark matches");
      System.exit(1);
    } catch (CommandLineOptionException | RunnerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
