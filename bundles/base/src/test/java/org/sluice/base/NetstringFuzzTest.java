package org.sluice.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The reader finds what a plain reading of spec 20 section 1.7 finds, however the input comes. */
class NetstringFuzzTest {
  private static final BigInteger MOST = BigInteger.valueOf(200_000_000);
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);

  @DictionaryEntries({"0:,", "1:a,", "5:2:ab,,", "200000000", "2000000009:", "99999999999"})
  @FuzzTest
  void reads(byte[] input) throws IOException {
    String text = new String(input, ISO_8859_1);
    List<String> plain = new Plain(text, false).all();
    List<String> lax = new Plain(text, true).all();
    for (int piece : new int[] {1, 3, 1 << 20}) {
      assertEquals(plain, all(new NetstringReader(new Pieces(input, piece), () -> {}), false));
      assertEquals(lax, all(new NetstringReader(new Pieces(input, piece), () -> {}), true));
    }
    var again = new NetstringReader(new Pieces(Netstring.of(input), 5), () -> {});
    assertEquals(input.length, again.length());
    assertArrayEquals(input, again.octets(input.length));
    again.comma();
    assertEquals(Netstring.size(input.length), Netstring.of(input).length);
  }

  /**
   * All netstrings, then how it ended.
   *
   * @param inner whether each is to hold netstrings, with the length of qmail-qmtpd's recipients
   */
  private static List<String> all(NetstringReader in, boolean inner) throws IOException {
    List<String> found = new ArrayList<>();
    try {
      for (int way = 0; in.await(); way++) {
        long length = in.length();
        if (inner) {
          in.limit(length);
          while (in.left() > 0) {
            long size = in.laxLength();
            if (Long.compareUnsigned(size, in.left()) > 0) {
              found.add("beyond");
              return found;
            }
            found.add(text(in, size, way));
            in.comma();
          }
          in.unlimited();
          found.add("outer");
        } else {
          found.add(text(in, length, way));
        }
        in.comma();
      }
      found.add("end");
    } catch (NetstringException e) {
      found.add("status " + e.status());
    } catch (EOFException e) {
      found.add("cut off");
    }
    return found;
  }

  /** Each of the ways to read is used in turn. */
  private static String text(NetstringReader in, long length, int way) throws IOException {
    var out = new ByteArrayOutputStream();
    switch (way % 3) {
      case 0 -> in.copy(length, out);
      case 1 -> {
        while (out.size() < length) {
          out.write(in.octet());
        }
      }
      default -> {
        byte[] some = new byte[7];
        while (out.size() < length) {
          out.write(some, 0, in.read(some, 0, (int) Math.min(7, length - out.size())));
        }
      }
    }
    return out.toString(ISO_8859_1);
  }

  /** The same by looking at the whole text. */
  private static final class Plain {
    private final String text;
    private final boolean inner;
    private final List<String> found = new ArrayList<>();
    private int at;

    Plain(String text, boolean inner) {
      this.text = text;
      this.inner = inner;
    }

    List<String> all() {
      String end = "end";
      while (at < text.length() && end.equals("end")) {
        end = outer();
      }
      found.add(end);
      return found;
    }

    private String outer() {
      String bad = length(text.length(), "cut off", false);
      if (!bad.isEmpty()) {
        return bad;
      }
      if (!inner) {
        return rest(text.length(), "cut off");
      }
      BigInteger end = BigInteger.valueOf(at).add(length);
      boolean whole = end.compareTo(BigInteger.valueOf(text.length())) <= 0;
      int limit = whole ? end.intValueExact() : text.length();
      String beyond = whole ? "status 100" : "cut off";
      while (BigInteger.valueOf(at).compareTo(end) < 0) {
        bad = length(limit, beyond, true);
        if (bad.isEmpty()) {
          bad =
              length.compareTo(end.subtract(BigInteger.valueOf(at))) > 0
                  ? "beyond"
                  : rest(limit, beyond);
        }
        if (!bad.equals("end")) {
          return bad;
        }
      }
      found.add("outer");
      return comma(text.length(), "cut off");
    }

    private BigInteger length;

    private String length(int limit, String beyond, boolean lax) {
      length = BigInteger.ZERO;
      for (; at < limit; at++) {
        char c = text.charAt(at);
        if (c == ':') {
          at++;
          return "";
        }
        if (length.compareTo(MOST) > 0) {
          return "status 111";
        }
        if (!lax && (c < '0' || c > '9')) {
          return "status 100";
        }
        length = length.multiply(BigInteger.TEN).add(BigInteger.valueOf((byte) c - '0'));
        length = length.mod(MODULUS);
      }
      return beyond;
    }

    private String rest(int limit, String beyond) {
      if (length.compareTo(BigInteger.valueOf(limit - at)) > 0) {
        return beyond;
      }
      int end = at + length.intValueExact();
      found.add(text.substring(at, end));
      at = end;
      return comma(limit, beyond);
    }

    private String comma(int limit, String beyond) {
      if (at == limit) {
        return beyond;
      }
      return text.charAt(at++) == ',' ? "end" : "status 100";
    }
  }
}
