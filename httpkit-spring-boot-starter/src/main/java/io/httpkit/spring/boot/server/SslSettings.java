package io.httpkit.spring.boot.server;

import io.httpkit.spring.boot.diagnostics.Reasons;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.UnrecoverableKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.NestedExceptionUtils;

/** Settings of TLS by the names of their properties, and which of them a failure is about. */
final class SslSettings {
  private static final String HIDDEN = "******";

  /**
   * A property that is set.
   *
   * @param property its name, behind the prefix
   * @param shown its value, unless it is secret
   */
  record Setting(String property, String shown) {}

  private final Ssl ssl;

  SslSettings(Ssl ssl) {
    this.ssl = ssl;
  }

  /** The first that is set, to be named when nothing points to another. */
  Setting first() {
    return all().get(0);
  }

  /** What a store could not be read because of. */
  Setting ofStore(RuntimeException failure) {
    String reason = Reasons.of(failure);
    String store = reason.contains("trust store") ? "trust-store" : "key-store";
    String suffix = suffix(NestedExceptionUtils.getMostSpecificCause(failure));
    Setting named = suffix == null ? null : find(store + suffix);
    if (named == null) {
      named = find(setting -> isFile(setting) && reason.contains(setting.shown()));
    }
    return named == null ? first() : named;
  }

  /** What a key could not be used because of, in a store that was read. */
  Setting ofKey(RuntimeException failure) {
    String reason = Reasons.of(failure);
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    Setting named =
        find(setting -> setting.property().equals("key-alias") && reason.contains(setting.shown()));
    if (named == null && root instanceof UnrecoverableKeyException) {
      named = find("key-password");
      named = named == null ? find("key-store-password") : named;
    }
    if (named == null && root instanceof NoSuchAlgorithmException) {
      named = new Setting("protocol", String.valueOf(ssl.getProtocol()));
    }
    return named == null ? first() : named;
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

  private static boolean isFile(Setting setting) {
    return setting.property().matches("(trust-)?(certificate|certificate-private-key)|.*-store");
  }

  private @Nullable Setting find(String property) {
    return find(setting -> setting.property().equals(property));
  }

  private @Nullable Setting find(Predicate<Setting> wanted) {
    return all().stream().filter(wanted).findFirst().orElse(null);
  }

  /** What is most telling first; never none. */
  private List<Setting> all() {
    List<Setting> all = new ArrayList<>();
    add(all, "key-store", ssl.getKeyStore());
    add(all, "certificate", ssl.getCertificate());
    add(all, "certificate-private-key", ssl.getCertificatePrivateKey());
    add(all, "key-store-type", ssl.getKeyStoreType());
    add(all, "key-store-provider", ssl.getKeyStoreProvider());
    add(all, "key-store-password", hidden(ssl.getKeyStorePassword()));
    add(all, "key-alias", ssl.getKeyAlias());
    add(all, "key-password", hidden(ssl.getKeyPassword()));
    add(all, "trust-store", ssl.getTrustStore());
    add(all, "trust-certificate", ssl.getTrustCertificate());
    add(all, "trust-certificate-private-key", ssl.getTrustCertificatePrivateKey());
    add(all, "trust-store-type", ssl.getTrustStoreType());
    add(all, "trust-store-provider", ssl.getTrustStoreProvider());
    add(all, "trust-store-password", hidden(ssl.getTrustStorePassword()));
    add(all, "client-auth", ssl.getClientAuth());
    add(all, "enabled-protocols", list(ssl.getEnabledProtocols()));
    add(all, "ciphers", list(ssl.getCiphers()));
    ssl.getServerNameBundles().forEach(host -> add(all, "server-name-bundles", host.serverName()));
    add(all, "enabled", true);
    return all;
  }

  private static void add(List<Setting> all, String property, @Nullable Object value) {
    if (value != null) {
      all.add(new Setting(property, value.toString()));
    }
  }

  private static @Nullable String hidden(@Nullable String secret) {
    return secret == null ? null : HIDDEN;
  }

  private static @Nullable List<String> list(String @Nullable [] names) {
    return names == null ? null : Arrays.asList(names);
  }
}
