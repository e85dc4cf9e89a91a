package org.sluice.programs.qlist.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.AddressList;
import org.sluice.base.HeaderReader;
import org.sluice.base.HeaderToken.SyntaxException;
import org.sluice.base.MessageField;
import org.sluice.base.MessageReader;
import org.sluice.base.ProgramExit;

/**
 * What counts of a letter's header (spec 40 section 14.2).
 *
 * @param kept the fields that are copied
 * @param subject the command in the Subject
 */
record Letter(
    String kept, Optional<String> from, Optional<String> replyTo, Optional<Command> subject) {
  private static final int LONGEST_TARGET = 100;
  private static final List<String> DROPPED =
      List.of("Content-Length", "Content-Type", "Content-Transfer-Encoding");

  static Letter read(MessageReader message) throws IOException, ProgramExit {
    var kept = new StringBuilder();
    Optional<String> from = Optional.empty();
    Optional<String> replyTo = Optional.empty();
    Optional<Command> subject = Optional.empty();
    for (var next = message.field(); next.isPresent(); next = message.field()) {
      MessageField field = next.get();
      if (DROPPED.stream().noneMatch(field::is)) {
        kept.append(field.text());
      }
      if (message.cut() || kept.length() > HeaderReader.LIMIT) {
        throw ProgramExit.permanent("header too long");
      }
      if (field.is("From")) {
        from = first(field);
      } else if (field.is("Reply-To")) {
        replyTo = first(field);
      } else if (field.is("Subject")) {
        subject = Command.at(field.value());
      }
    }
    return new Letter(kept.toString(), from, replyTo, subject);
  }

  private static Optional<String> first(MessageField field) throws ProgramExit {
    try {
      List<String> addresses = AddressList.of(field.text());
      return addresses.isEmpty()
          ? Optional.empty()
          : Optional.of(addresses.get(addresses.size() - 1));
    } catch (SyntaxException e) {
      throw ProgramExit.permanent("unable to parse this: " + field.unterminated());
    }
  }

  /** Who is to be subscribed, and gets the answer. */
  String target(String newSender) throws ProgramExit {
    String target = replyTo.or(() -> from).orElse(newSender);
    if (target.length() > LONGEST_TARGET || target.indexOf('\n') >= 0 || target.indexOf(0) >= 0) {
      throw ProgramExit.permanent("sorry, I'm not allowed to use that address");
    }
    if (target.isEmpty() || target.equals(ReversePath.DOUBLE_BOUNCE.address())) {
      throw ProgramExit.permanent("I don't reply to bounces");
    }
    return target;
  }
}
