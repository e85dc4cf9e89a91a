package org.sluice.tools.rblsmtpd.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.sluice.base.Options.Option;
import org.sluice.dns.DnsResolver;

/**
 * The lists that the options name, asked in their order until one decides (spec 20 section 13.1).
 * Used by one thread, once.
 */
final class Lists {
  private static final int LATER = 451;
  private static final int NEVER = 553;

  private final DnsResolver dns;
  private final String reversed;
  private boolean bounce;
  private boolean closed;
  private boolean failed;

  /** About the client with this address, as TCPREMOTEIP has it. */
  Lists(DnsResolver dns, String address) {
    this.dns = dns;
    this.reversed = ReversedAddress.of(address);
  }

  /** Each of b, B, c and C holds for the lists that follow it. */
  Verdict ask(List<Option> options) {
    for (Option option : options) {
      Optional<Verdict> verdict = Optional.empty();
      switch (option.letter()) {
        case 'b' -> bounce = true;
        case 'B' -> bounce = false;
        case 'c' -> closed = true;
        case 'C' -> closed = false;
        case 'r' -> verdict = blocking(option.value());
        case 'a' -> verdict = admitting(option.value());
        default -> {} // t
      }
      if (verdict.isPresent()) {
        return verdict.get();
      }
    }
    return new Verdict.Admitted();
  }

  private Optional<Verdict> blocking(String base) {
    String text;
    try {
      text = String.join("", dns.txt(name(base)).orElse(List.of()));
    } catch (IOException e) {
      failed = true;
      if (!closed) {
        return Optional.empty();
      }
      text = "temporary RBL lookup error";
    }
    // Whoever could not be asked might have let it in: that is no time to bounce.
    int code = bounce && !failed ? NEVER : LATER;
    return text.isEmpty() ? Optional.empty() : Optional.of(new Verdict.Blocked(code, text));
  }

  private Optional<Verdict> admitting(String base) {
    boolean found;
    try {
      found = !dns.ipv4(name(base)).orElse(List.of()).isEmpty();
    } catch (IOException e) {
      failed = true;
      found = !closed;
    }
    return found ? Optional.of(new Verdict.Admitted()) : Optional.empty();
  }

  /**
   * Dots too many, as in {@code -r .rbl.example}, do not count: the list would let in everybody.
   */
  private String name(String base) {
    return (reversed + base).replaceAll("\\.{2,}", ".").replaceFirst("^\\.(?=.)", "");
  }

  /** What RBLSMTPD says: nothing to let in, a text to block with, behind a hyphen for ever. */
  static Verdict told(String value) {
    if (value.isEmpty()) {
      return new Verdict.Admitted();
    }
    return value.startsWith("-")
        ? new Verdict.Blocked(NEVER, value.substring(1))
        : new Verdict.Blocked(LATER, value);
  }
}
