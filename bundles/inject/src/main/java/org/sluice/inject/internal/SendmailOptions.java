package org.sluice.inject.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.OptionReader;
import org.sluice.base.Options.Option;
import org.sluice.base.ProgramExit;

/**
 * sendmail's command line (spec 30 section 9).
 *
 * @param mode what it is to do
 * @param header {@code -t}: the header names recipients too
 * @param sender {@code -f}
 * @param name {@code -F}
 */
record SendmailOptions(
    Mode mode,
    boolean header,
    Optional<String> sender,
    Optional<String> name,
    List<String> operands) {

  /** What it can do. */
  enum Mode {
    /** Inject. */
    INJECT,
    /** {@code -bp}: show the queue. */
    QUEUE,
    /** {@code -bs}: speak SMTP. */
    SMTP,
    /** {@code -bd} and others, which it cannot do. */
    UNKNOWN
  }

  private static final String LETTERS = "vimte:f:p:o:B:F:EJxb:";

  /**
   * Parses; a mode other than the first ends the line.
   *
   * @throws ProgramExit status 100, with getopt's words
   */
  static SendmailOptions parse(List<String> words) throws ProgramExit {
    boolean header = false;
    Optional<String> sender = Optional.empty();
    Optional<String> name = Optional.empty();
    Mode mode = Mode.INJECT;
    var reader = new OptionReader(LETTERS, words);
    for (Optional<Option> next = reader.next(); next.isPresent(); next = reader.next()) {
      String value = next.get().value();
      switch (next.get().letter()) {
        case 't' -> header = true;
        case 'f' -> sender = Optional.of(value);
        case 'F' -> name = Optional.of(value);
        case 'E', 'J' -> reader.skipWord();
        case 'b' -> mode = mode(value);
        default -> {} // of no meaning here
      }
      if (mode != Mode.INJECT) {
        break;
      }
    }
    return new SendmailOptions(mode, header, sender, name, reader.operands());
  }

  private static Mode mode(String value) {
    return switch (value.isEmpty() ? ' ' : value.charAt(0)) {
      case 'm' -> Mode.INJECT;
      case 'p' -> Mode.QUEUE;
      case 's' -> Mode.SMTP;
      default -> Mode.UNKNOWN;
    };
  }

  /** The command line of qmail-inject. */
  List<String> inject() {
    List<String> argv = new ArrayList<>(List.of("qmail-inject", header ? "-H" : "-a"));
    sender.ifPresent(address -> argv.addAll(List.of("-f", address)));
    argv.add("--");
    argv.addAll(operands);
    return argv;
  }

  /** The environment of qmail-inject: a sender given here is the one in From too. */
  Map<String, String> environment(Map<String, String> own) {
    Map<String, String> environment = new HashMap<>(own);
    name.ifPresent(text -> environment.put("MAILNAME", text));
    if (sender.isPresent()) {
      environment
          .keySet()
          .removeAll(List.of("QMAILNAME", "MAILNAME", "NAME", "QMAILHOST", "MAILHOST"));
      String address = sender.get();
      int at = address.lastIndexOf('@');
      environment.put("QMAILUSER", at < 0 ? address : address.substring(0, at));
      if (at >= 0) {
        environment.put("QMAILHOST", address.substring(at + 1));
      }
    }
    return environment;
  }
}
