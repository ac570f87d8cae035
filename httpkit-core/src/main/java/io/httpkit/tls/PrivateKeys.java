package io.httpkit.tls;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Private keys of PEM files: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017) and SEC 1 (RFC 5915). */
final class PrivateKeys {
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";
  private static final String EC_PARAMETERS = "EC PARAMETERS";
  private static final List<String> LABELS = List.of(PKCS8, ENCRYPTED, PKCS1, SEC1);

  private static final byte[] RSA_ID = HexFormat.of().parseHex("2a864886f70d010101");
  private static final byte[] EC_ID = HexFormat.of().parseHex("2a8648ce3d0201");
  private static final byte[] ZERO = {Der.INTEGER, 1, 0};
  private static final byte[] NULL = {5, 0};

  /** The names of algorithms by their object identifiers. */
  private static final Map<String, String> ALGORITHMS =
      Map.of(
          HexFormat.of().formatHex(RSA_ID),
          "RSA",
          "2a864886f70d01010a",
          "RSASSA-PSS",
          HexFormat.of().formatHex(EC_ID),
          "EC",
          "2b6570",
          "Ed25519",
          "2b6571",
          "Ed448");

  private PrivateKeys() {}

  /** The only private key among what a file has. */
  static PrivateKey of(Source source, @Nullable String password) {
    List<PemBlock> blocks = PemBlock.all(source);
    List<PemBlock> keys = blocks.stream().filter(some -> LABELS.contains(some.label())).toList();
    if (keys.size() != 1) {
      throw source.wrong(
          "has "
              + (keys.isEmpty() ? PemBlock.labels(blocks) : keys.size() + " private keys")
              + ", but must have one of "
              + String.join(", ", LABELS));
    }
    PemBlock key = keys.get(0);
    try {
      return key(source, pkcs8(source, key, blocks, password));
    } catch (BufferUnderflowException e) {
      throw source.wrong(key.label() + " is damaged: its lengths do not fit");
    }
  }

  private static byte[] pkcs8(
      Source source, PemBlock key, List<PemBlock> blocks, @Nullable String password) {
    return switch (key.label()) {
      case ENCRYPTED -> decrypted(source, key.bytes(), password);
      case PKCS1 -> pkcs8(Der.write(Der.OBJECT_ID, RSA_ID), NULL, key.bytes());
      case SEC1 -> pkcs8(Der.write(Der.OBJECT_ID, EC_ID), curve(source, key, blocks), key.bytes());
      default -> key.bytes();
    };
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] parameters, byte[] key) {
    return Der.write(
        Der.SEQUENCE,
        ZERO,
        Der.write(Der.SEQUENCE, algorithm, parameters),
        Der.write(Der.OCTET_STRING, key));
  }

  /** The curve is in the key, or in a block of its own before it. */
  private static byte[] curve(Source source, PemBlock key, List<PemBlock> blocks) {
    ByteBuffer in = Der.read(ByteBuffer.wrap(key.bytes()), Der.SEQUENCE);
    Der.read(in, Der.INTEGER);
    Der.read(in, Der.OCTET_STRING);
    ByteBuffer parameters = Der.readIf(in, Der.FIRST_OPTIONAL);
    if (parameters != null) {
      return Der.bytes(parameters);
    }
    return blocks.stream()
        .filter(some -> some.label().equals(EC_PARAMETERS))
        .findFirst()
        .orElseThrow(() -> source.wrong(SEC1 + " does not say on which curve it is"))
        .bytes();
  }

  private static byte[] decrypted(Source source, byte[] bytes, @Nullable String password) {
    if (password == null) {
      throw source.wrong("the private key is encrypted, but no password was given");
    }
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
      AlgorithmParameters parameters = info.getAlgParameters();
      // PBES2 is the name of a family; its member is told by the parameters only
      String algorithm =
          parameters != null && parameters.getAlgorithm().equals("PBES2")
              ? parameters.toString()
              : info.getAlgName();
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(spec),
          parameters);
      return info.getKeySpec(cipher).getEncoded();
    } catch (InvalidKeySpecException e) {
      throw source.wrong("the password is wrong", e);
    } catch (GeneralSecurityException | IOException e) {
      throw source.wrong("the private key cannot be decrypted", e);
    }
  }

  private static PrivateKey key(Source source, byte[] pkcs8) {
    ByteBuffer in = Der.read(ByteBuffer.wrap(pkcs8), Der.SEQUENCE);
    Der.read(in, Der.INTEGER);
    ByteBuffer id = Der.read(Der.read(in, Der.SEQUENCE), Der.OBJECT_ID);
    String algorithm = ALGORITHMS.get(HexFormat.of().formatHex(Der.bytes(id)));
    if (algorithm == null) {
      throw source.wrong(
          "a private key of an algorithm that is not known; known are "
              + String.join(", ", ALGORITHMS.values().stream().sorted().toList()));
    }
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw source.wrong("the " + algorithm + " private key cannot be read", e);
    }
  }
}
