package org.sluice.filters.dkim.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.HeaderReader;

/** All signatures of one message. The body is read once, and never held. Used by one thread. */
final class Verification {
  /** Octets of a header that is looked at: many messages may be looked at at once. */
  private static final int LONGEST_HEADER = 1 << 17;

  private static final String FIELD = "dkim-signature";

  private final Keys keys;
  private final int most;
  private final InstantSource clock;

  Verification(Keys keys, int most, InstantSource clock) {
    this.keys = keys;
    this.most = most;
    this.clock = clock;
  }

  /** A result for each signature, from the top; one alone if there is none. */
  List<AuthResult> results(MessageSource message) throws IOException, InterruptedException {
    HeaderReader.Raw raw;
    try (InputStream in = message.open()) {
      raw = HeaderReader.raw(in, LONGEST_HEADER);
    }
    if (raw.truncated()) {
      return List.of(new AuthResult("dkim", "neutral", "the header is too long", Map.of()));
    }
    var header = new SignedHeader(raw.fields());
    List<String> fields = header.named(FIELD);
    if (fields.isEmpty()) {
      return List.of(new AuthResult("dkim", "none", "", Map.of()));
    }
    List<SignatureCheck> checks = new ArrayList<>();
    for (String field : fields.subList(0, Math.min(most, fields.size()))) {
      checks.add(new SignatureCheck(field, header, keys, clock));
    }
    var body = checks.stream().filter(SignatureCheck::wantsBody).toList();
    long length = raw.fields().stream().mapToLong(String::length).sum();
    boolean blank = !body.isEmpty() && write(message, length, body);
    List<AuthResult> results = new ArrayList<>();
    for (SignatureCheck check : checks) {
      results.add(check.result(blank));
    }
    return results;
  }

  /** Writes the body to all; whether it has nothing but empty lines. */
  private static boolean write(MessageSource message, long header, List<SignatureCheck> checks)
      throws IOException {
    var blank = true;
    byte[] in = new byte[8192];
    byte[] out = new byte[2 * in.length];
    try (InputStream body = message.open()) {
      body.skipNBytes(header);
      int first = body.read();
      if (first >= 0 && first != '\n') {
        in[0] = (byte) first; // a header that just ends, without an empty line
      }
      int length = first >= 0 && first != '\n' ? 1 : body.read(in);
      for (; length >= 0; length = body.read(in)) {
        int n = 0;
        for (int i = 0; i < length; i++) {
          byte octet = in[i];
          blank &= octet == '\n' || octet == ' ' || octet == '\t';
          if (octet == '\n') {
            out[n++] = '\r';
          }
          out[n++] = octet;
        }
        for (SignatureCheck check : checks) {
          check.body().write(out, 0, n);
        }
      }
    }
    for (SignatureCheck check : checks) {
      OutputStream stream = check.body();
      stream.close();
    }
    return blank;
  }
}
