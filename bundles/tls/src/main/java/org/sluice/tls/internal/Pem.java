package org.sluice.tls.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One block of a PEM file (RFC 7468).
 *
 * @param label for example {@code CERTIFICATE}
 * @param der what it holds
 */
record Pem(String label, byte[] der) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** More than any chain of certificates. */
  private static final long LIMIT = 1 << 20;

  /**
   * The blocks of a file, in order; what is between them does not count.
   *
   * @throws IOException if it cannot be read or makes no sense
   */
  static List<Pem> read(Path path) throws IOException {
    if (Files.size(path) > LIMIT) {
      throw new IOException("too long for a PEM file");
    }
    var matcher = BLOCK.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
    List<Pem> blocks = new ArrayList<>();
    while (matcher.find()) {
      String label = matcher.group(1);
      if (matcher.group(2).contains("Proc-Type:") || label.equals("ENCRYPTED PRIVATE KEY")) {
        throw new IOException("the key is encrypted; take its password away");
      }
      try {
        blocks.add(new Pem(label, Base64.getMimeDecoder().decode(matcher.group(2))));
      } catch (IllegalArgumentException e) {
        throw new IOException("the block " + label + " is damaged", e);
      }
    }
    return blocks;
  }

  @Override
  public String toString() {
    return label; // a key must not get into a log
  }
}
