package org.sluice.inject.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.base.HeaderPrinter;
import org.sluice.base.HeaderToken;
import org.sluice.base.HeaderToken.Kind;
import org.sluice.base.ProgramExit;

/** The envelope sender of a message that the command line gives none (spec 30 section 5.5). */
record ReturnPath(Identity identity, Letters letters, Moment moment) {
  private static final String PER_RECIPIENT = "-@[]";

  /** From the Return-Path of the message, else the default. */
  String sender(Optional<String> returnPath, AddressField addresses) throws ProgramExit {
    String sender = returnPath.isPresent() ? returnPath.get() : byDefault(addresses);
    return letters.recipientSenders() ? sender + PER_RECIPIENT : sender;
  }

  /** As if the message had a Return-Path; the host is parsed, so that it may hold anything. */
  private String byDefault(AddressField addresses) throws ProgramExit {
    List<HeaderToken> tokens = new ArrayList<>();
    tokens.add(new HeaderToken(Kind.ATOM, FieldType.RETURN_PATH.title()));
    tokens.add(HeaderToken.COLON);
    tokens.add(new HeaderToken(Kind.QUOTE, user()));
    if (identity.senderHost().isPresent()) {
      tokens.add(HeaderToken.AT);
      tokens.add(new HeaderToken(Kind.ATOM, identity.senderHost().get()));
    }
    String field = HeaderPrinter.print(tokens);
    List<String> found = new ArrayList<>();
    addresses.demand(field, found::add);
    if (found.isEmpty()) {
      throw AddressField.unparsable(field); // the host made it a group without members
    }
    return found.get(0);
  }

  private String user() {
    var user = new StringBuilder(identity.senderUser());
    if (letters.messageSender()) {
      user.append('-').append(moment.start().getEpochSecond());
      user.append('.').append(moment.number());
    }
    return letters.recipientSenders() ? user.append('-').toString() : user.toString();
  }
}
