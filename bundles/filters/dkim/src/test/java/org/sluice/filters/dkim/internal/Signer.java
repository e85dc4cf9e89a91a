package org.sluice.filters.dkim.internal;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.api.Headers;

/** Signs messages of lines ended by LF, as the library does. */
final class Signer {
  private Signer() {}

  /** The key as the DNS has it. */
  static String record(KeyPair pair) {
    return "v=DKIM1; p=" + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** The message with the signature on top. */
  static String signed(KeyPair pair, String template, String message) throws Exception {
    int end = message.indexOf("\n\n");
    List<String> fields = List.of(message.substring(0, end).split("\n(?![ \t])"));
    var signer = new DKIMSigner(template, pair.getPrivate());
    var hasher = signer.newBodyHasher(signer.newSignatureRecordTemplate(template));
    try (OutputStream out = hasher.getOutputStream()) {
      String body = message.substring(end + 2).replace("\n", "\r\n");
      out.write(body.getBytes(StandardCharsets.ISO_8859_1));
    }
    return signer.sign(new Fields(fields), hasher) + "\n" + message;
  }

  private record Fields(List<String> all) implements Headers {
    @Override
    public List<String> getFields() {
      return all.stream().map(f -> f.replace("\n", "\r\n")).toList();
    }

    @Override
    public List<String> getFields(String name) {
      var named = new ArrayList<>(getFields());
      named.removeIf(f -> !f.regionMatches(true, 0, name + ":", 0, name.length() + 1));
      return named;
    }
  }
}
