package org.sluice.filters.authres.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sluice.api.mail.Header;
import org.sluice.base.ALabels;
import org.sluice.base.AddressList;
import org.sluice.base.Ascii;
import org.sluice.base.HeaderToken;
import org.sluice.base.HeaderToken.Kind;
import org.sluice.base.HeaderToken.SyntaxException;

/** The domains that DMARC compares. */
final class Author {
  private static final int LONGEST = 16_384;
  private static final Pattern DOMAIN =
      Pattern.compile("(?=.{1,245}$)([A-Za-z0-9_-]{1,63}\\.)+[A-Za-z0-9_-]{1,63}");

  private Author() {}

  /**
   * The domain of the only address of the only field From; empty if there is none, or more, or it
   * can be read in several ways.
   */
  static Optional<String> domain(Header header) {
    List<String> from =
        header.fields().stream()
            .filter(f -> f.name().equalsIgnoreCase("From"))
            .map(f -> "From:" + f.body())
            .toList();
    if (from.size() != 1 || from.get(0).length() > LONGEST) {
      return Optional.empty();
    }
    try {
      List<HeaderToken> tokens = HeaderToken.of(from.get(0));
      boolean plain =
          count(tokens, Kind.AT) == 1
              && count(tokens, Kind.LEFT) == count(tokens, Kind.RIGHT)
              && AddressList.of(from.get(0)).size() == 1;
      return plain ? domain(behind(tokens)) : Optional.empty();
    } catch (SyntaxException e) {
      return Optional.empty();
    }
  }

  private static long count(List<HeaderToken> tokens, Kind kind) {
    return tokens.stream().filter(token -> token.kind() == kind).count();
  }

  /** From the at sign to the end of the address; what is no domain stays none. */
  private static String behind(List<HeaderToken> tokens) {
    return tokens.stream()
        .skip(tokens.indexOf(HeaderToken.AT) + 1)
        .takeWhile(token -> token.kind() != Kind.RIGHT)
        .filter(token -> token.kind() != Kind.COMMENT)
        .map(
            token ->
                token.kind() == Kind.ATOM ? token.text() : token.kind() == Kind.DOT ? "." : "/")
        .collect(Collectors.joining());
  }

  /** What is behind the last at sign, in A-labels and small letters, if the DNS may have it. */
  static Optional<String> domain(String address) {
    return ALabels.domain(address.substring(address.lastIndexOf('@') + 1))
        .map(Ascii::lower)
        .filter(domain -> DOMAIN.matcher(domain).matches());
  }
}
