package org.sluice.inject.internal;

import java.util.ArrayList;
import java.util.List;
import org.sluice.base.HeaderPrinter;
import org.sluice.base.HeaderToken;
import org.sluice.base.HeaderToken.Kind;
import org.sluice.base.MailDate;
import org.sluice.base.ProgramExit;
import org.sluice.base.Quote;

/** The fields that a message lacks (spec 30 section 7). */
record GeneratedFields(Identity identity, Letters letters, Moment moment, String idHost) {
  /** Those that this header lacks, in their order. */
  List<String> lacking(HeaderFields header, AddressField addresses, MailingLists lists)
      throws ProgramExit {
    List<String> fields = new ArrayList<>();
    boolean resent = header.resent();
    String prefix = resent ? "Resent-" : "";
    if (!header.has(resent ? FieldType.RESENT_DATE : FieldType.DATE)) {
      fields.add(prefix + date());
    }
    if (!header.has(resent ? FieldType.RESENT_MESSAGE_ID : FieldType.MESSAGE_ID)) {
      fields.add(prefix + messageId());
    }
    if (!header.has(resent ? FieldType.RESENT_FROM : FieldType.FROM)) {
      fields.add(prefix + from(addresses)); // folded without the prefix
    }
    FieldType to = resent ? FieldType.RESENT_TO : FieldType.TO;
    FieldType cc = resent ? FieldType.RESENT_CC : FieldType.CC;
    if (!header.has(to, cc)) {
      fields.add(prefix + "Cc: recipient list not shown: ;\n");
    }
    boolean followed = resent || header.has(FieldType.MAIL_FOLLOWUP_TO);
    if (!followed && lists.among(header.addressees())) {
      fields.add(MailingLists.field(header.addressees()));
    }
    return fields;
  }

  private String date() {
    return "Date: " + MailDate.rfc822(moment.start()) + "\n";
  }

  private String messageId() {
    String stamp = MailDate.stamp(moment.start());
    return "Message-ID: <" + stamp + "." + moment.number() + ".qmail@" + idHost + ">\n";
  }

  /** Printed and parsed again, so that the host may hold anything. */
  private String from(AddressField addresses) throws ProgramExit {
    boolean named = identity.name().isPresent();
    boolean bracketed = named && !letters.nameAsComment();
    List<HeaderToken> tokens = new ArrayList<>();
    tokens.add(new HeaderToken(Kind.ATOM, "From"));
    tokens.add(HeaderToken.COLON);
    if (bracketed) {
      tokens.add(new HeaderToken(Kind.QUOTE, identity.name().get()));
      tokens.add(HeaderToken.LEFT);
    }
    boolean plain = Quote.quote(identity.user()).equals(identity.user());
    tokens.add(new HeaderToken(plain ? Kind.ATOM : Kind.QUOTE, identity.user()));
    if (identity.host().isPresent()) {
      tokens.add(HeaderToken.AT);
      tokens.add(new HeaderToken(Kind.ATOM, identity.host().get()));
    }
    if (bracketed) {
      tokens.add(HeaderToken.RIGHT);
    } else if (named) {
      tokens.add(new HeaderToken(Kind.COMMENT, identity.name().get()));
    }
    return addresses.demand(HeaderPrinter.print(tokens), address -> {});
  }
}
