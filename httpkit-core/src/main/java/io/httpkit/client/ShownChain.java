package io.httpkit.client;

import java.security.Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of the certificates that a server has shown and that were refused. Nothing here
 * decides anything, and what it says is the server's word: so it is cut short, and has no control
 * characters.
 */
final class ShownChain {
  private static final int MAX_NAMES = 10;
  private static final int MAX_NAME_LENGTH = 200;

  // RFC 5280 §4.2.1.6
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** The server's own first; the others may come in any order. */
  private final List<X509Certificate> chain;

  /**
   * @param chain at least one
   */
  ShownChain(List<X509Certificate> chain) {
    this.chain = chain;
  }

  /** Why nobody vouches for it. */
  String untrusted() {
    X509Certificate own = chain.get(0);
    if (isSelfIssued(own)) {
      return "is self-signed, and not trusted: " + subject(own) + " has issued it to itself";
    }
    X509Certificate last = last(own);
    String leadsTo = "is not signed by anybody who is trusted: its chain ";
    return isSelfIssued(last)
        ? leadsTo + "leads to " + subject(last) + ", a root that is not trusted"
        : leadsTo
            + "is not complete, or ends with "
            + printable(issuer(last).toString())
            + ", whose certificate the server has not sent and who is not trusted";
  }

  /** The last that somebody issued who is in the chain too. */
  private X509Certificate last(X509Certificate own) {
    X509Certificate last = own;
    for (int i = 1; i < chain.size() && !isSelfIssued(last); i++) {
      X509Certificate above = find(issuer(last));
      if (above == null) {
        break;
      }
      last = above;
    }
    return last;
  }

  private @Nullable X509Certificate find(Principal whose) {
    return chain.stream()
        .filter(certificate -> whose.equals(certificate.getSubjectX500Principal()))
        .findFirst()
        .orElse(null);
  }

  private static boolean isSelfIssued(X509Certificate certificate) {
    return issuer(certificate).equals(certificate.getSubjectX500Principal());
  }

  private static Principal issuer(X509Certificate certificate) {
    return certificate.getIssuerX500Principal();
  }

  /** The hosts that the server's own is for; whose it is, if it names none. */
  String names() {
    X509Certificate own = chain.get(0);
    List<String> names = hosts(own);
    if (names.isEmpty()) {
      return subject(own);
    }
    int more = names.size() - MAX_NAMES;
    return more <= 0
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MAX_NAMES)) + " and " + more + " more";
  }

  private static List<String> hosts(X509Certificate certificate) {
    List<String> hosts = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0) instanceof Integer kind
            && (kind == DNS_NAME || kind == IP_ADDRESS)
            && name.get(1) instanceof String host) {
          hosts.add(printable(host));
        }
      }
    } catch (CertificateParsingException e) {
      // then it is for none of them
    }
    return hosts;
  }

  static String subject(X509Certificate certificate) {
    Principal subject = certificate.getSubjectX500Principal();
    return printable(subject.toString());
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(MAX_NAME_LENGTH)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
