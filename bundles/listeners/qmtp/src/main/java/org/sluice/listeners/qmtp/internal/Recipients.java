package org.sluice.listeners.qmtp.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.mail.Recipient;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;
import org.sluice.base.NetstringException;
import org.sluice.base.NetstringReader;
import org.sluice.base.QmtpReply;

/** The third netstring of a message: who it is for, and what each is answered. */
final class Recipients {
  /** Answers kept at most; who names more is cut off. */
  private static final int MOST_ANSWERS = 1_000_000;

  private static final String BAD_ADDRESS = "Dsorry, I can't handle that recipient (#5.1.3)";
  private static final String NOT_OURS =
      "Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
  private static final String TOO_MANY = "Zsorry, too many recipients (#4.5.3)";

  private final Settings settings;
  private final int most;
  private final Optional<FilterPass> pass;
  private final List<String> answers = new ArrayList<>();
  private int accepted;

  /**
   * None yet.
   *
   * @param most how many are accepted; the others are to be sent to later
   * @param pass the filters to ask; empty if the message is refused whatever the recipients are
   */
  Recipients(Settings settings, int most, Optional<FilterPass> pass) {
    this.settings = settings;
    this.most = most;
    this.pass = pass;
  }

  /** One a recipient, in order; empty where it is the result of the message. */
  List<String> answers() {
    return answers;
  }

  /** How many the message goes to. */
  int accepted() {
    return accepted;
  }

  /** Reads them all; the comma at the end is left. */
  void read(NetstringReader in) throws IOException, InterruptedException {
    in.limit(in.length());
    while (in.left() > 0) {
      long length = in.laxLength();
      if (Long.compareUnsigned(length, in.left()) >= 0) {
        throw NetstringException.malformed("a recipient longer than the list of recipients");
      }
      if (answers.size() >= MOST_ANSWERS) {
        throw NetstringException.tooLong("more than " + MOST_ANSWERS + " recipients");
      }
      answers.add(one(in, length));
      in.comma();
    }
    in.unlimited();
  }

  private String one(NetstringReader in, long length) throws IOException, InterruptedException {
    String relay = settings.relayClient().orElse("");
    if (length + relay.length() >= Message.ADDRESS) {
      in.skip(length);
      return BAD_ADDRESS;
    }
    String address = new String(in.octets((int) length), StandardCharsets.ISO_8859_1);
    if (settings.relayClient().isEmpty() && !ours(address)) {
      return NOT_OURS;
    }
    if (address.indexOf(0) >= 0) {
      return BAD_ADDRESS;
    }
    if (pass.isEmpty()) {
      return "";
    }
    if (accepted >= most) {
      return TOO_MANY;
    }
    var verdict = pass.get().recipient(new Recipient(address + relay));
    Optional<String> refusal = QmtpReply.refusal(verdict);
    accepted += refusal.isEmpty() ? 1 : 0;
    return refusal.orElse("");
  }

  private boolean ours(String address) throws QueueException {
    try {
      return settings.rcptHosts().allow(address);
    } catch (IOException e) {
      throw new QueueException(ExitCode.HOME, e.getMessage(), e);
    }
  }
}
