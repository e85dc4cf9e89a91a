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

  /** From the Return-Path of the message, else the default; none if that is an empty group. */
  String sender(Optional<String> returnPath, AddressField addresses) throws ProgramExit {
    Optional<String> sender = returnPath.isPresent() ? returnPath : byDefault(addresses);
    String suffix = letters.recipientSenders() ? PER_RECIPIENT : "";
    return sender.map(address -> address + suffix).orElse("");
  }

  /** As if the message had a Return-Path; the host is parsed, so that it may hold anything. */
  private Optional<String> byDefault(AddressField addresses) throws ProgramExit {
    List<HeaderToken> tokens = new ArrayList<>();
    tokens.add(new HeaderToken(Kind.ATOM, "Return-Path"));
    tokens.add(HeaderToken.COLON);
    tokens.add(new HeaderToken(Kind.QUOTE, user()));
    if (identity.senderHost().isPresent()) {
      tokens.add(HeaderToken.AT);
      tokens.add(new HeaderToken(Kind.ATOM, identity.senderHost().get()));
    }
    List<String> found = new ArrayList<>();
    addresses.demand(HeaderPrinter.print(tokens), found::add);
    return found.stream().findFirst();
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
