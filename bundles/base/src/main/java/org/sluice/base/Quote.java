package org.sluice.base;

/** Quoting of a box, the part of an address before the at sign (spec 30 section 1.2). */
public final class Quote {
  private static final String SAFE = "!#$%&'*+-./=?^_`{|}~";

  private Quote() {}

  /** The box, in double quotes if it needs them. */
  public static String quote(String box) {
    if (!needed(box)) {
      return box;
    }
    var out = new StringBuilder(box.length() + 8).append('"');
    for (int i = 0; i < box.length(); i++) {
      char c = box.charAt(i);
      if (c == '\r' || c == '\n' || c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }

  /** {@code quoteaddress}: an address without an at sign is a box; the empty one stays empty. */
  public static String address(String address) {
    if (address.isEmpty()) {
      return "";
    }
    return address.indexOf('@') < 0 ? quote(address) : mangle(address);
  }

  /** As it goes on the SMTP wire: an address without an at sign is left as it is. */
  public static String mangle(String address) {
    int at = address.lastIndexOf('@');
    return at < 0 ? address : quote(address.substring(0, at)) + address.substring(at);
  }

  private static boolean needed(String box) {
    if (box.isEmpty() || box.startsWith(".") || box.endsWith(".") || box.contains("..")) {
      return true;
    }
    for (int i = 0; i < box.length(); i++) {
      char c = box.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letter && SAFE.indexOf(c) < 0) {
        return true;
      }
    }
    return false;
  }
}
