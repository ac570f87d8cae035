package io.httpkit.benchmarks.clients;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The process of one client: {@code NAME URL IN_FLIGHT LENGTH}. Each line that comes is a number of
 * seconds to load for, each line that goes what {@link GetLoad#run} says. Ends when no more can
 * come.
 */
public final class ClientMain {
  private ClientMain() {}

  public static void main(String[] args) throws Exception {
    int inFlight = Integer.parseInt(args[2]);
    Getter client = ClientPeer.of(args[0]).open(args[1], inFlight);
    long length = Long.parseLong(args[3]);
    PrintStream out = System.out;
    // what a client prints is no result
    System.setOut(System.err);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(new GetLoad(client, inFlight, length).run(Integer.parseInt(line)));
      out.flush();
    }
    System.exit(0);
  }
}
