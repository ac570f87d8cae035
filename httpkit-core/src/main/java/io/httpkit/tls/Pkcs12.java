package io.httpkit.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A PKCS #12 file that was opened with its password. RFC 7292. */
record Pkcs12(Source source, KeyStore store, String password) {
  static Pkcs12 open(Source source, String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(source.bytes()), password.toCharArray());
      return new Pkcs12(source, store, password);
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw source.wrong("the password is wrong", e);
      }
      throw source.wrong("is not PKCS #12", e);
    } catch (GeneralSecurityException e) {
      throw source.wrong("cannot be opened", e);
    }
  }

  Identity identity(@Nullable String wanted) {
    try {
      List<String> aliases = keyAliases();
      String alias = wanted == null && aliases.size() == 1 ? aliases.get(0) : wanted;
      if (alias == null || !aliases.contains(alias)) {
        throw source.wrong(
            (wanted == null ? "must have one key, or one must be named" : "has no key " + wanted)
                + "; it has "
                + aliases.size()
                + " keys: "
                + aliases);
      }
      PrivateKey key = (PrivateKey) store.getKey(alias, password.toCharArray());
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : store.getCertificateChain(alias)) {
        chain.add((X509Certificate) certificate);
      }
      return Identity.of(source, source, key, chain);
    } catch (GeneralSecurityException e) {
      throw source.wrong("the key cannot be read", e);
    }
  }

  private List<String> keyAliases() throws GeneralSecurityException {
    List<String> aliases = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
        aliases.add(alias);
      }
    }
    return aliases;
  }

  List<X509Certificate> certificates() {
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)) {
          certificates.add((X509Certificate) store.getCertificate(alias));
        }
      }
      if (certificates.isEmpty()) {
        throw source.wrong(
            "has no certificate without a key, but must have at least one; its keys are "
                + keyAliases());
      }
      return List.copyOf(certificates);
    } catch (GeneralSecurityException e) {
      throw source.wrong("cannot be read", e);
    }
  }
}
