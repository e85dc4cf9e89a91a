package org.sluice.base;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;

/**
 * Domains in UTF-8 as the DNS has them (RFC 5890): a label with more than ASCII in small letters
 * and NFC, then Punycode (RFC 3492) behind {@code xn--}. Whether the result can be registered is
 * for the DNS to say. The platform's own conversion is that of 2003, which takes some domains for
 * others (with sharp s, for example).
 */
public final class ALabels {
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int FIRST_BIAS = 72;
  private static final int FIRST = 0x80;
  private static final int LONGEST = 63;

  /** What a label begins with that stands for one with more than ASCII. */
  static final String PREFIX = "xn--";

  private ALabels() {}

  /**
   * The domain in ASCII.
   *
   * @param domain UTF-8, bytes as ISO-8859-1
   * @return empty if it is not UTF-8, or a label gets too long
   */
  public static Optional<String> domain(String domain) {
    if (ascii(domain)) {
      return Optional.of(domain);
    }
    var out = new StringBuilder();
    try {
      for (String label : decode(domain).split("\\.", -1)) {
        out.append(out.length() == 0 ? "" : ".");
        String converted = ascii(label) ? label : PREFIX + punycode(normal(label));
        if (converted.length() > LONGEST) {
          return Optional.empty();
        }
        out.append(converted);
      }
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    return Optional.of(out.toString());
  }

  /** An address with its domain in ASCII; empty if the rest is not ASCII either. */
  public static Optional<String> address(String address) {
    int at = address.lastIndexOf('@');
    return ascii(address.substring(0, at + 1))
        ? domain(address.substring(at + 1)).map(d -> address.substring(0, at + 1) + d)
        : Optional.empty();
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c < FIRST);
  }

  private static String decode(String bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .toString();
  }

  /** Each by itself: small letters that depend on their neighbours are another domain's. */
  private static String normal(String label) {
    int[] small = label.codePoints().map(Character::toLowerCase).toArray();
    return Normalizer.normalize(new String(small, 0, small.length), Normalizer.Form.NFC);
  }

  private static String punycode(String label) {
    int[] input = label.codePoints().toArray();
    var out = new StringBuilder();
    for (int c : input) {
      if (c < FIRST) {
        out.append((char) c);
      }
    }
    int basic = out.length();
    int handled = basic;
    if (basic > 0) {
      out.append('-');
    }
    int n = FIRST;
    int delta = 0;
    int bias = FIRST_BIAS;
    while (handled < input.length) {
      int next = Integer.MAX_VALUE;
      for (int c : input) {
        next = c >= n ? Math.min(next, c) : next;
      }
      delta += (next - n) * (handled + 1);
      n = next;
      for (int c : input) {
        delta += c < n ? 1 : 0;
        if (c == n) {
          number(delta, bias, out);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return out.toString();
  }

  private static void number(int delta, int bias, StringBuilder out) {
    int q = delta;
    int t = threshold(BASE, bias);
    for (int k = BASE; q >= t; t = threshold(k, bias)) {
      out.append(digit(t + (q - t) % (BASE - t)));
      q = (q - t) / (BASE - t);
      k += BASE;
    }
    out.append(digit(q));
  }

  private static int threshold(int k, int bias) {
    return Math.max(T_MIN, Math.min(T_MAX, k - bias));
  }

  private static char digit(int value) {
    return (char) (value < 26 ? 'a' + value : '0' + value - 26);
  }

  private static int adapt(int delta, int length, boolean first) {
    int d = first ? delta / DAMP : delta / 2;
    d += d / length;
    int k = 0;
    while (d > (BASE - T_MIN) * T_MAX / 2) {
      d /= BASE - T_MIN;
      k += BASE;
    }
    return k + (BASE - T_MIN + 1) * d / (d + SKEW);
  }
}
