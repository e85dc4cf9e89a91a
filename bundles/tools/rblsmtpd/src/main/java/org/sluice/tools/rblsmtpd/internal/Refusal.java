package org.sluice.tools.rblsmtpd.internal;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.CommandLine;
import org.sluice.base.CommandReader;
import org.sluice.base.Deadline;
import org.sluice.base.ProgramConnection;

/** The SMTP of one that takes no mail, until the client quits, is gone or has had its time. */
final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);
  private static final String HOST = " rblsmtpd.local";
  private static final int MOST = 8_192;

  private final ProgramConnection connection;
  private final String reply;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /**
   * On the descriptors of a program.
   *
   * @param reply to all that would lead to mail
   */
  Refusal(ProgramContext context, String reply) {
    this.connection = new ProgramConnection("rblsmtpd", context);
    this.reply = reply;
  }

  /**
   * Runs it to its end, which is never told as a failure.
   *
   * @param time in all; if it is none, the client hears the reply and nothing else
   */
  void run(InstantSource clock, Duration time) {
    try {
      if (time.isZero()) {
        say(reply);
        send();
      } else {
        talk(new Deadline(clock, time), time);
      }
    } catch (IOException e) {
      LOG.debug("{}", e.toString());
    }
  }

  private void talk(Deadline deadline, Duration time) throws IOException {
    var in =
        new CommandReader(
            new WithoutNul(connection.in()),
            () -> {
              send();
              connection.timeout(deadline.left(time));
            });
    connection.timeout(time); // of the first write
    say("220" + HOST);
    for (Optional<String> line = in.line(); line.isPresent(); line = in.line()) {
      switch (CommandLine.parse(line.get()).verb()) {
        case "quit" -> {
          say("221" + HOST);
          send();
          return;
        }
        case "helo", "ehlo", "mail", "rset", "noop" -> say("250" + HOST);
        default -> say(reply);
      }
    }
  }

  /** At the latest sent before the next read; a client's flood of commands must not heap up. */
  private void say(String line) throws IOException {
    said.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    if (said.size() > MOST) {
      send();
    }
  }

  private void send() throws IOException {
    connection.out().write(said.toByteArray());
    connection.out().flush();
    said.reset();
  }

  /** A NUL does not end the text of a line here: it is just no part of any command. */
  private static final class WithoutNul extends FilterInputStream {
    WithoutNul(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      for (int i = offset; i < offset + n; i++) {
        bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
      }
      return n;
    }
  }
}
