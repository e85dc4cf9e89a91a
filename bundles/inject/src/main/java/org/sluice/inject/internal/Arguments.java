package org.sluice.inject.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.base.HeaderToken;
import org.sluice.base.HeaderToken.SyntaxException;
import org.sluice.base.OptionReader;
import org.sluice.base.Options.Option;
import org.sluice.base.ProgramExit;
import org.sluice.base.Quote;

/**
 * The command line (spec 30 section 5.1).
 *
 * @param print the message goes to descriptor 1, not to the queue
 * @param sender of the option {@code -f}
 * @param recipients of the arguments, if they are asked for
 * @param header whether the header names recipients too
 */
record Arguments(boolean print, Optional<String> sender, List<String> recipients, boolean header) {

  /**
   * Parses, each sender at once.
   *
   * @throws ProgramExit status 100, if an option or an address is wrong
   */
  static Arguments parse(List<String> words, Rewriter rewriter) throws ProgramExit {
    boolean print = false;
    char strategy = 'A';
    Optional<String> sender = Optional.empty();
    var reader = new OptionReader("aAhHnNf:", words);
    for (Optional<Option> next = reader.next(); next.isPresent(); next = reader.next()) {
      char letter = next.get().letter();
      switch (letter) {
        case 'n', 'N' -> print = letter == 'n';
        case 'f' -> sender = Optional.of(sender(next.get().value(), rewriter));
        default -> strategy = letter;
      }
    }
    List<String> operands = reader.operands();
    boolean header = strategy == 'h' || strategy == 'H' || strategy == 'A' && operands.isEmpty();
    List<String> recipients = strategy == 'h' ? List.of() : recipients(operands, rewriter);
    return new Arguments(print, sender, recipients, header);
  }

  private static String sender(String address, Rewriter rewriter) throws ProgramExit {
    return HeaderToken.flatten(rewriter.rewrite(AddressField.tokens(Quote.address(address))));
  }

  private static List<String> recipients(List<String> operands, Rewriter rewriter)
      throws ProgramExit {
    List<String> recipients = new ArrayList<>();
    for (String operand : operands) {
      try {
        List<HeaderToken> address = HeaderToken.of(Quote.address(operand));
        recipients.add(HeaderToken.flatten(rewriter.rewrite(address)));
      } catch (SyntaxException e) {
        throw ProgramExit.permanent("unable to parse address: " + operand);
      }
    }
    return recipients;
  }
}
