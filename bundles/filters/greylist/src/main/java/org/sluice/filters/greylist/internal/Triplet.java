package org.sluice.filters.greylist.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.sluice.base.Ascii;
import org.sluice.base.IpText;

/**
 * What makes two attempts the same mail.
 *
 * @param network the client's, as text
 * @param key of sender and recipient, without regard to case
 */
record Triplet(String network, long key) {
  /** What mail systems put in front of a sender, and change from day to day (BATV, SRS). */
  private static final Pattern TAG = Pattern.compile("^(?:prvs=[^=]*=|srs0[=+-][^=]*=[^=]*=)");

  /** Numbers of messages, as mailing lists have them in their senders. */
  private static final Pattern NUMBER = Pattern.compile("\\b[0-9]+\\b");

  static Triplet of(String network, String sender, String recipient) {
    byte[] pair =
        (sender(Ascii.lower(sender)) + '\0' + Ascii.lower(recipient))
            .getBytes(StandardCharsets.ISO_8859_1);
    try {
      // Nobody can make another pair with the key of one that has passed.
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(pair);
      return new Triplet(network, ByteBuffer.wrap(hash).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** As postgrey: without what follows a plus, and numbers are all alike. */
  static String sender(String address) {
    int at = address.lastIndexOf('@');
    String box = at < 0 ? address : address.substring(0, at);
    String plain = TAG.matcher(box).replaceFirst("");
    int plus = plain.indexOf('+');
    return NUMBER.matcher(plus < 0 ? plain : plain.substring(0, plus)).replaceAll("#")
        + (at < 0 ? "" : address.substring(at));
  }

  /**
   * The network of a client.
   *
   * @param four bits of an IPv4 address that count
   * @param six bits of an IPv6 address that count
   */
  static String network(InetAddress client, int four, int six) {
    byte[] octets = client.getAddress();
    int bits = octets.length == 4 ? four : six;
    for (int i = 0; i < octets.length; i++) {
      int left = Math.max(0, Math.min(8, bits - 8 * i));
      octets[i] &= (byte) (0xff00 >> left);
    }
    return text(octets) + "/" + bits;
  }

  private static String text(byte[] octets) {
    try {
      return IpText.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("as many octets as before", e);
    }
  }
}
