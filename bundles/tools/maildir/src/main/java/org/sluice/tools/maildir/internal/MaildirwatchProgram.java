package org.sluice.tools.maildir.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.MessageSummary;
import org.sluice.base.PrintableText;
import org.sluice.base.ProgramExit;

/**
 * {@code maildirwatch}: shows the new mail on a terminal until interrupted (spec 40 section 16.3).
 */
@Component(property = {Program.NAME + "=maildirwatch", Program.STANDALONE + ":Boolean=true"})
public final class MaildirwatchProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(MaildirwatchProgram.class);
  private static final String CLEAR = "\u001b[;H\u001b[;J";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final int TEXT = 158;
  private final InstantSource clock;
  private final Duration pause;

  /** Looks every 30 seconds. */
  @Activate
  public MaildirwatchProgram() {
    this(InstantSource.system(), Duration.ofSeconds(30));
  }

  MaildirwatchProgram(InstantSource clock, Duration pause) {
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        "maildirwatch",
        () -> {
          Maildir maildir = Maildir.enter(context);
          while (true) {
            maildir.clean(clock.instant());
            show(context, maildir);
            Thread.sleep(pause.toMillis());
          }
        });
  }

  private void show(ProgramContext context, Maildir maildir) throws ProgramExit, IOException {
    var screen = new BufferedOutputStream(context.out());
    screen.write(bytes(CLEAR));
    for (Maildir.Message message : maildir.scan(clock.instant(), "new")) {
      InputStream opened;
      try {
        opened = Files.newInputStream(message.file());
      } catch (IOException e) {
        LOG.debug("{} is passed over", message, e); // read by somebody meanwhile
        continue;
      }
      MessageSummary summary;
      try (InputStream in = opened) {
        summary = MessageSummary.read(in, TEXT);
      } catch (IOException e) {
        throw ProgramExit.temporary("trouble reading new message");
      }
      screen.write(bytes(entry(summary)));
    }
    screen.flush();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String entry(MessageSummary message) {
    String sender = message.returnPath().map(path -> PrintableText.of(path, '?')).orElse("?");
    String recipient = message.deliveredTo().map(to -> PrintableText.of(to, '?')).orElse("?");
    String from =
        message.from().map(f -> BOLD + PrintableText.of(f, '/') + PLAIN + "\n").orElse("");
    String text = PrintableText.of(message.text(), '/');
    return "FROM " + sender + " TO <" + recipient + ">\n" + from + text + "\n\n";
  }
}
