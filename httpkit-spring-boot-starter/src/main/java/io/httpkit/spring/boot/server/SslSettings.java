package io.httpkit.spring.boot.server;

import io.httpkit.spring.boot.diagnostics.ExplainedFailure;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.NestedExceptionUtils;

/** Settings of TLS by the names of their properties, and which of them a failure is about. */
final class SslSettings {
  private static final String HIDDEN = "******";

  private static final String FILES = "(trust-)?(certificate|certificate-private-key)|.*-store";

  /** What is shown of each that is set, by its name behind the prefix; the most telling first. */
  private final Map<String, String> all = new LinkedHashMap<>();

  SslSettings(Ssl ssl) {
    add("key-store", ssl.getKeyStore());
    add("certificate", ssl.getCertificate());
    add("certificate-private-key", ssl.getCertificatePrivateKey());
    add("key-store-type", ssl.getKeyStoreType());
    add("key-store-provider", ssl.getKeyStoreProvider());
    add("key-store-password", hidden(ssl.getKeyStorePassword()));
    add("key-alias", ssl.getKeyAlias());
    add("key-password", hidden(ssl.getKeyPassword()));
    add("trust-store", ssl.getTrustStore());
    add("trust-certificate", ssl.getTrustCertificate());
    add("trust-certificate-private-key", ssl.getTrustCertificatePrivateKey());
    add("trust-store-type", ssl.getTrustStoreType());
    add("trust-store-provider", ssl.getTrustStoreProvider());
    add("trust-store-password", hidden(ssl.getTrustStorePassword()));
    add("client-auth", ssl.getClientAuth());
    add("enabled-protocols", list(ssl.getEnabledProtocols()));
    add("ciphers", list(ssl.getCiphers()));
    ssl.getServerNameBundles().forEach(host -> add("server-name-bundles", host.serverName()));
    add("enabled", true);
    // has a default, so it is not what was set first
    add("protocol", ssl.getProtocol());
  }

  private void add(String property, @Nullable Object value) {
    if (value != null) {
      all.putIfAbsent(property, value.toString());
    }
  }

  private static @Nullable String hidden(@Nullable String secret) {
    return secret == null ? null : HIDDEN;
  }

  private static @Nullable List<String> list(String @Nullable [] names) {
    return names == null ? null : Arrays.asList(names);
  }

  /** The value of a property that is set, unless it is secret. */
  String shown(String property) {
    return String.valueOf(all.get(property));
  }

  /** The first that is set, to be named when nothing points to another; there always is one. */
  String first() {
    return all.keySet().iterator().next();
  }

  /** What a store could not be read because of. */
  String ofStore(RuntimeException failure) {
    String reason = ExplainedFailure.reasons(failure);
    String suffix = suffix(NestedExceptionUtils.getMostSpecificCause(failure));
    String named = (reason.contains("trust store") ? "trust-store" : "key-store") + suffix;
    if (suffix != null && all.containsKey(named)) {
      return named;
    }
    return all.keySet().stream()
        .filter(property -> property.matches(FILES) && reason.contains(shown(property)))
        .findFirst()
        .orElse(first());
  }

  private static @Nullable String suffix(Throwable root) {
    if (root instanceof UnrecoverableKeyException) {
      return "-password";
    }
    if (root instanceof NoSuchProviderException) {
      return "-provider";
    }
    return root instanceof NoSuchAlgorithmException || root instanceof KeyStoreException
        ? "-type"
        : null;
  }

  /** What a key could not be used because of, in a store that was read. */
  String ofKey(RuntimeException failure) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    if (all.containsKey("key-alias")
        && ExplainedFailure.reasons(failure).contains(shown("key-alias"))) {
      return "key-alias";
    }
    if (root instanceof UnrecoverableKeyException) {
      return Stream.of("key-password", "key-store-password")
          .filter(all::containsKey)
          .findFirst()
          .orElse(first());
    }
    return root instanceof NoSuchAlgorithmException ? "protocol" : first();
  }
}
