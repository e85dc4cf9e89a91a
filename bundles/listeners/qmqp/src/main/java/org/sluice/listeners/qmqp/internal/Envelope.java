package org.sluice.listeners.qmqp.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.NetstringReader;

/**
 * Who the message is from and for.
 *
 * @param recipients in order, perhaps none
 * @param refusal the answer, if it cannot be accepted; sender and recipients are of no use then
 */
record Envelope(ReversePath sender, List<Recipient> recipients, Optional<String> refusal) {
  /** Addresses of this many octets or more are refused. */
  private static final int ADDRESS = 1_000;

  private static final String BAD_ADDRESS = "Dsorry, I can't accept addresses like that (#5.1.3)";
  private static final String TOO_MANY = "Zsorry, too many recipients (#4.5.3)";

  /** Reads sender and recipients up to the reader's limit, whatever they are. */
  static Envelope read(NetstringReader in, int maxRecipients) throws IOException {
    Optional<String> sender = address(in);
    boolean bad = sender.isEmpty();
    int count = 0;
    List<Recipient> recipients = new ArrayList<>();
    while (in.left() > 0) {
      Optional<String> address = address(in);
      count++;
      bad |= address.isEmpty();
      if (!bad && count <= maxRecipients) {
        recipients.add(new Recipient(address.get()));
      }
    }
    if (bad || count > maxRecipients) {
      String refusal = bad ? BAD_ADDRESS : TOO_MANY;
      return new Envelope(ReversePath.NULL, List.of(), Optional.of(refusal));
    }
    return new Envelope(new ReversePath(sender.get()), recipients, Optional.empty());
  }

  /** Empty if it is unacceptable. */
  private static Optional<String> address(NetstringReader in) throws IOException {
    long length = in.length();
    if (length >= ADDRESS) {
      in.skip(length);
      in.comma();
      return Optional.empty();
    }
    String address = new String(in.octets((int) length), StandardCharsets.ISO_8859_1);
    in.comma();
    return Optional.of(address).filter(a -> a.indexOf(0) < 0);
  }
}
