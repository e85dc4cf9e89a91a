package org.sluice.inject.internal;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.base.HeaderToken.SyntaxException;
import org.sluice.base.MessageField;
import org.sluice.base.ProgramExit;

/** The header of a message: what is kept of it, and what it says (spec 30 section 6.2). */
final class HeaderFields {
  private final Letters letters;
  private final AddressField addresses;
  private final Set<FieldType> seen = EnumSet.noneOf(FieldType.class);
  private final List<String> kept = new ArrayList<>();
  private final List<String> recipients = new ArrayList<>();
  private final List<String> resentRecipients = new ArrayList<>();
  private final List<String> addressees = new ArrayList<>();
  private Optional<String> returnPath = Optional.empty();

  HeaderFields(Letters letters, AddressField addresses) {
    this.letters = letters;
    this.addresses = addresses;
  }

  /**
   * Takes the next field.
   *
   * @throws ProgramExit status 100, if its addresses must be right and are not
   */
  void add(MessageField field) throws ProgramExit {
    Optional<FieldType> known = FieldType.of(field);
    if (known.isEmpty()) {
      kept.add(field.text());
      return;
    }
    FieldType type = known.get();
    if (letters.drops(type)) {
      return;
    }
    seen.add(type);
    String text =
        switch (type.use()) {
          case RECIPIENTS -> recipients(type, field.text(), recipients);
          case RESENT_RECIPIENTS -> recipients(type, field.text(), resentRecipients);
          case ADDRESSES -> addresses.demand(field.text(), address -> sender(type, address));
          case NONE -> field.text();
        };
    if (!type.deleted()) {
      kept.add(text);
    }
  }

  /** Those that were found before a mistake remain recipients. */
  private String recipients(FieldType type, String field, List<String> into) {
    boolean counts = type == FieldType.TO || type == FieldType.CC;
    try {
      return addresses.rewrite(
          field,
          address -> {
            into.add(address);
            if (counts) {
              addressees.add(address);
            }
          });
    } catch (SyntaxException e) {
      return field;
    }
  }

  /** The first address of a Return-Path counts, which is its rightmost. */
  private void sender(FieldType type, String address) {
    if (type == FieldType.RETURN_PATH && returnPath.isEmpty()) {
      returnPath = Optional.of(address);
    }
  }

  /** Whether one of these was there. */
  boolean has(FieldType... types) {
    for (FieldType type : types) {
      if (seen.contains(type)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the message is sent again. */
  boolean resent() {
    return seen.stream().anyMatch(FieldType::resent);
  }

  /** The recipients that the header names. */
  List<String> recipients() {
    return resent() ? resentRecipients : recipients;
  }

  /** The addresses of To and Cc. */
  List<String> addressees() {
    return addressees;
  }

  /** The sender that the header names. */
  Optional<String> returnPath() {
    return returnPath;
  }

  /** The fields of the message that is queued. */
  List<String> kept() {
    return kept;
  }
}
