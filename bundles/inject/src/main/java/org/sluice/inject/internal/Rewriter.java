package org.sluice.inject.internal;

import java.util.ArrayList;
import java.util.List;
import org.sluice.base.HeaderToken;
import org.sluice.base.HeaderToken.Kind;

/**
 * Completes addresses (spec 30 section 6.5).
 *
 * @param host appended to an address without a host
 * @param domain appended to a host without a dot
 * @param plusDomain appended to a host that ends in a plus sign, instead of it
 */
record Rewriter(List<HeaderToken> host, List<HeaderToken> domain, List<HeaderToken> plusDomain) {
  /** The address as it goes into the header. */
  List<HeaderToken> rewrite(List<HeaderToken> address) {
    if (address.isEmpty() || hasEmptyLiteral(address)) {
      return address;
    }
    List<HeaderToken> out = withoutRoute(address);
    removeLast(out, Kind.DOT);
    removeLast(out, Kind.AT);
    if (out.isEmpty()) {
      return out;
    }
    if (lastAt(out) < 0) {
      out.addAll(host);
    }
    plus(out);
    if (!hasDomain(out)) {
      out.addAll(domain);
    }
    return out;
  }

  /** The address {@code u@[]}. */
  private static boolean hasEmptyLiteral(List<HeaderToken> address) {
    int last = address.size() - 1;
    return last > 0
        && address.get(last).kind() == Kind.LITERAL
        && address.get(last).text().isEmpty()
        && address.get(last - 1).kind() == Kind.AT;
  }

  private static List<HeaderToken> withoutRoute(List<HeaderToken> address) {
    int from = 0;
    if (address.get(0).kind() == Kind.AT) {
      while (from < address.size() && address.get(from).kind() != Kind.COLON) {
        from++;
      }
      from = Math.min(from + 1, address.size());
    }
    return new ArrayList<>(address.subList(from, address.size()));
  }

  private static void removeLast(List<HeaderToken> address, Kind kind) {
    int last = address.size() - 1;
    if (last >= 0 && address.get(last).kind() == kind) {
      address.remove(last);
    }
  }

  private static int lastAt(List<HeaderToken> address) {
    int at = address.size() - 1;
    while (at >= 0 && address.get(at).kind() != Kind.AT) {
      at--;
    }
    return at;
  }

  private void plus(List<HeaderToken> address) {
    int last = address.size() - 1;
    HeaderToken token = address.get(last);
    if (token.kind() == Kind.ATOM && token.text().endsWith("+")) {
      String word = token.text().substring(0, token.text().length() - 1);
      address.set(last, new HeaderToken(Kind.ATOM, word));
      address.addAll(plusDomain);
    }
  }

  private static boolean hasDomain(List<HeaderToken> address) {
    for (int i = lastAt(address) + 1; i < address.size(); i++) {
      Kind kind = address.get(i).kind();
      if (kind == Kind.DOT || kind == Kind.LITERAL) {
        return true;
      }
    }
    return false;
  }
}
