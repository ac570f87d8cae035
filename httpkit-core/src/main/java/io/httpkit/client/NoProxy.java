package io.httpkit.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are reached without a proxy, as {@code NO_PROXY} says it to curl and most others:
 *
 * <ul>
 *   <li>{@code *}: all;
 *   <li>{@code example.com} or {@code .example.com}: this host and all below it;
 *   <li>{@code 10.1.2.3}, {@code ::1}, {@code [::1]}: an address;
 *   <li>{@code 10.0.0.0/8}, {@code fd00::/8}: the addresses of a network;
 *   <li>each but the last with {@code :port} behind it: on that port only; IPv6 then in brackets.
 * </ul>
 *
 * <p>Hosts are compared as they stand in the URL; no name is looked up. What is none of these
 * matches nothing. Immutable.
 */
final class NoProxy {
  static final NoProxy NOTHING = new NoProxy(List.of());

  private static final int ANY_PORT = -1;

  private final List<Rule> rules;

  private NoProxy(List<Rule> rules) {
    this.rules = rules;
  }

  /** Reads entries that are separated by commas or spaces. */
  static NoProxy parse(String list) {
    return new NoProxy(
        Stream.of(list.split("[,\\s]+", -1))
            .filter(entry -> !entry.isEmpty())
            .map(Rule::parse)
            .flatMap(Optional::stream)
            .toList());
  }

  /** With the rules of the other behind its own. */
  NoProxy and(NoProxy other) {
    List<Rule> both = new ArrayList<>(rules);
    both.addAll(other.rules);
    return new NoProxy(List.copyOf(both));
  }

  boolean matches(Origin target) {
    return rules.stream().anyMatch(rule -> rule.matches(target));
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof NoProxy other && rules.equals(other.rules);
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }

  @Override
  public String toString() {
    StringJoiner out = new StringJoiner(",");
    rules.forEach(rule -> out.add(rule.toString()));
    return out.toString();
  }

  /** One entry. Its text is kept because it is what equals and shows it. */
  private record Rule(String text, Predicate<String> hosts, int port) {
    static Optional<Rule> parse(String entry) {
      String text = entry.toLowerCase(Locale.ROOT);
      int colon = text.lastIndexOf(':');
      boolean bareIpv6 = text.indexOf(':') != colon && !text.startsWith("[");
      if (colon < 0 || bareIpv6 || text.endsWith("]") || text.indexOf('/') >= 0) {
        return hosts(text).map(hosts -> new Rule(text, hosts, ANY_PORT));
      }
      int port = port(text.substring(colon + 1));
      return port == 0
          ? Optional.empty()
          : hosts(text.substring(0, colon)).map(hosts -> new Rule(text, hosts, port));
    }

    /** Zero if it is none. */
    private static int port(String text) {
      boolean digits = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return digits && !text.isEmpty() ? Integer.parseInt(text) : 0;
    }

    private static Optional<Predicate<String>> hosts(String text) {
      if (text.equals("*")) {
        return Optional.of(host -> true);
      }
      int slash = text.indexOf('/');
      String host = unbracketed(slash < 0 ? text : text.substring(0, slash));
      byte[] address = IpAddress.parse(host);
      if (address != null) {
        int bits = slash < 0 ? 8 * address.length : prefix(text.substring(slash + 1));
        return network(address, bits);
      }
      return slash < 0 ? domain(host) : Optional.empty();
    }

    private static String unbracketed(String host) {
      boolean brackets = host.startsWith("[") && host.endsWith("]");
      return brackets ? host.substring(1, host.length() - 1) : host;
    }

    /** -1 if it is none. */
    private static int prefix(String text) {
      boolean digits = text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return digits && !text.isEmpty() ? Integer.parseInt(text) : -1;
    }

    private static Optional<Predicate<String>> network(byte[] network, int bits) {
      if (bits < 0 || bits > 8 * network.length) {
        return Optional.empty();
      }
      return Optional.of(
          host -> {
            byte[] address = IpAddress.parse(host);
            return address != null && sharesBits(address, network, bits);
          });
    }

    private static boolean sharesBits(byte[] a, byte[] b, int bits) {
      if (a.length != b.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> i % 8;
        if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    }

    private static Optional<Predicate<String>> domain(String text) {
      String domain = withoutDotAtEnd(text.startsWith(".") ? text.substring(1) : text);
      try {
        String ascii = HostName.parse(domain);
        return Optional.of(
            host -> {
              String name = withoutDotAtEnd(host);
              return name.equals(ascii) || name.endsWith("." + ascii);
            });
      } catch (IllegalArgumentException e) {
        return Optional.empty(); // such as "*.example.com", which curl does not know either
      }
    }

    private static String withoutDotAtEnd(String name) {
      return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    boolean matches(Origin target) {
      return (port == ANY_PORT || port == target.port()) && hosts.test(target.host());
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Rule other && text.equals(other.text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
