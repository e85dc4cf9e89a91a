package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.sluice.base.CommandLine;
import org.sluice.base.Decimal;

/** POP3's transaction state: qmail-pop3d (spec 20 section 12.3). Used by one thread. */
final class Transaction {
  private final Client client;
  private final Maildir maildir;
  private final MessageList messages;
  private final Dialogue dialogue;
  private int last;

  Transaction(Client client, Maildir maildir, MessageList messages, Dialogue dialogue) {
    this.client = client;
    this.maildir = maildir;
    this.messages = messages;
    this.dialogue = dialogue;
  }

  /** Serves to QUIT or the end of the input. */
  void run() throws IOException, InterruptedException {
    var sender = new MessageSender(client.out());
    client.ok();
    while (true) {
      Optional<CommandLine> command = dialogue.next();
      if (command.isEmpty()) {
        return;
      }
      String argument = command.get().argument();
      switch (command.get().verb()) {
        case "quit" -> {
          quit();
          return;
        }
        case "stat" -> client.out().line("+OK " + messages.count() + " " + messages.total());
        case "list" -> list(argument, n -> n + " " + messages.size(n));
        case "uidl" -> list(argument, n -> n + " " + messages.uid(n));
        case "retr", "top" -> send(sender, argument);
        case "dele" -> delete(argument);
        case "rset" -> {
          messages.reset();
          last = 0;
          client.ok();
        }
        case "last" -> client.out().line("+OK " + last);
        case "noop" -> client.ok();
        default -> dialogue.say(dialogue.extended(command.get()), "unimplemented");
      }
    }
  }

  /** The number that an argument begins with; empty after an error reply. */
  private OptionalInt number(String argument) throws IOException {
    long number = Decimal.leading(argument);
    if (Decimal.digits(argument) == 0) {
      client.error("syntax error");
    } else if (number == 0) {
      client.error("messages are counted from 1");
    } else if (Long.compareUnsigned(number, messages.count()) > 0) {
      client.error("not that many messages");
    } else if (messages.isDeleted((int) number)) {
      client.error("already deleted");
    } else {
      return OptionalInt.of((int) number);
    }
    return OptionalInt.empty();
  }

  private void list(String argument, IntFunction<String> text) throws IOException {
    if (argument.isEmpty()) {
      Iterator<String> lines =
          IntStream.rangeClosed(1, messages.count())
              .filter(n -> !messages.isDeleted(n))
              .mapToObj(text)
              .iterator();
      client.list(() -> lines);
    } else {
      OptionalInt number = number(argument);
      if (number.isPresent()) {
        client.out().line("+OK " + text.apply(number.getAsInt()));
      }
    }
  }

  private void send(MessageSender sender, String argument) throws IOException {
    OptionalInt number = number(argument);
    if (number.isEmpty()) {
      return;
    }
    String rest = argument.substring(Decimal.digits(argument)).replaceFirst("^ +", "");
    long lines = Decimal.digits(rest) == 0 ? 0 : Decimal.leading(rest) + 1;
    Optional<SeekableByteChannel> message = maildir.read(messages, number.getAsInt());
    if (message.isEmpty()) {
      client.error("unable to open that message");
      return;
    }
    try (var channel = message.get()) {
      client.ok();
      sender.send(channel, lines);
    } catch (IOException e) {
      client.out().flush(); // what there is, as far as the file could be read
      throw e;
    }
  }

  private void delete(String argument) throws IOException {
    OptionalInt number = number(argument);
    if (number.isPresent()) {
      messages.delete(number.getAsInt());
      last = Math.max(last, number.getAsInt());
      client.ok();
    }
  }

  /** Only here is anything changed (spec 20 section 12.5). */
  private void quit() throws IOException {
    for (int n = 1; n <= messages.count(); n++) {
      if (messages.isDeleted(n)) {
        if (!maildir.delete(messages, n)) {
          client.error("unable to unlink all deleted messages");
        }
      } else if (messages.isNew(n)) {
        maildir.markSeen(messages.name(n));
      }
    }
    client.ok();
    client.out().flush();
  }
}
