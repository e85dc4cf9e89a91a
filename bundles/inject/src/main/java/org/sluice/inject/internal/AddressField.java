package org.sluice.inject.internal;

import java.util.List;
import java.util.function.Consumer;
import org.sluice.base.AddressList;
import org.sluice.base.HeaderPrinter;
import org.sluice.base.HeaderToken;
import org.sluice.base.HeaderToken.SyntaxException;
import org.sluice.base.ProgramExit;

/** Fields of addresses: each is completed, and handed to whoever collects it. */
record AddressField(Rewriter rewriter) {
  /** As much of an address as an envelope can carry: up to a NUL. */
  static String untilNul(String address) {
    int nul = address.indexOf(0);
    return nul < 0 ? address : address.substring(0, nul);
  }

  /**
   * The field printed anew.
   *
   * @param field the whole text of the field
   * @param each takes each address, flattened, from right to left
   */
  String rewrite(String field, Consumer<String> each) throws SyntaxException {
    List<HeaderToken> tokens =
        AddressList.rewrite(
            HeaderToken.of(field),
            address -> {
              List<HeaderToken> rewritten = rewriter.rewrite(address);
              each.accept(HeaderToken.flatten(rewritten));
              return rewritten;
            });
    return HeaderPrinter.print(tokens);
  }

  /**
   * The same, for a field that must be right.
   *
   * @throws ProgramExit status 100, with the field
   */
  String demand(String field, Consumer<String> each) throws ProgramExit {
    try {
      return rewrite(field, each);
    } catch (SyntaxException e) {
      throw unparsable(field);
    }
  }

  /** The tokens of some other text that must be right. */
  static List<HeaderToken> tokens(String text) throws ProgramExit {
    try {
      return HeaderToken.of(text);
    } catch (SyntaxException e) {
      throw unparsable(text);
    }
  }

  static ProgramExit unparsable(String text) {
    return ProgramExit.permanentAsIs("unable to parse this line:\n" + text);
  }
}
