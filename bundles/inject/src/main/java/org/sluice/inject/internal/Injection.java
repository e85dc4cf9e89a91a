package org.sluice.inject.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.QueueException;
import org.sluice.base.MessageField;
import org.sluice.base.MessageReader;
import org.sluice.base.ProgramExit;
import org.sluice.base.QueueStatus;
import org.sluice.base.Quote;
import org.sluice.base.Resubmission;

/** One run of qmail-inject (spec 30 section 5.4). Memory: the header and one block of the body. */
final class Injection {
  /** Octets of a header, at most. */
  static final int HEADER = 4 << 20;

  private static final int BLOCK = 65_536;

  private final ProgramContext context;
  private final Letters letters;
  private final Identity identity;
  private final MailingLists lists;
  private final Moment moment;
  private final Defaults defaults;
  private final AddressField addresses;

  Injection(Control control, ProgramContext context, Moment moment) throws ProgramExit {
    this.context = context;
    this.moment = moment;
    Map<String, String> environment = context.environment();
    letters = Letters.of(environment);
    identity = Identity.of(environment);
    lists = MailingLists.read(context);
    if (!Files.isDirectory(control.home())) {
      throw ProgramExit.temporary("internal bug");
    }
    defaults = Defaults.read(control, environment);
    addresses = new AddressField(defaults.rewriter());
  }

  /** Runs to its end: status 0, or an exit. */
  int run() throws ProgramExit, InterruptedException {
    Arguments arguments = Arguments.parse(context.arguments(), defaults.rewriter());
    var reader = new MessageReader(context.in(), HEADER);
    HeaderFields header = read(reader);
    String sender = AddressField.untilNul(sender(arguments, header));
    List<String> fields =
        new ArrayList<>(
            new GeneratedFields(identity, letters, moment, defaults.idHost())
                .lacking(header, addresses, lists));
    fields.addAll(header.kept());
    if (arguments.print()) {
      fields.add(0, "Return-Path: <" + Quote.address(sender) + ">\n");
      print(fields, reader);
    } else {
      List<String> recipients = new ArrayList<>(arguments.recipients());
      if (arguments.header()) {
        header.recipients().forEach(a -> recipients.add(AddressField.untilNul(a)));
      }
      queue(fields, reader, sender, recipients);
    }
    return ExitCode.OK;
  }

  private String sender(Arguments arguments, HeaderFields header) throws ProgramExit {
    if (arguments.sender().isPresent()) {
      return arguments.sender().get();
    }
    var returnPath = new ReturnPath(identity, letters, moment);
    return returnPath.sender(header.returnPath(), addresses);
  }

  private HeaderFields read(MessageReader reader) throws ProgramExit {
    var header = new HeaderFields(letters, addresses);
    int length = 0;
    try {
      for (Optional<MessageField> next = reader.field(); next.isPresent(); next = reader.field()) {
        length += next.get().text().length();
        if (length > HEADER || reader.cut()) {
          throw ProgramExit.permanent("header of more than " + HEADER + " octets");
        }
        header.add(next.get());
      }
    } catch (IOException e) {
      throw ProgramExit.temporary("read error");
    }
    return header;
  }

  private void print(List<String> fields, MessageReader body)
      throws ProgramExit, InterruptedException {
    try {
      var out = new BufferedOutputStream(context.out(), BLOCK);
      write(fields, body, out);
      out.flush();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to write message", e);
    }
  }

  private void queue(
      List<String> fields, MessageReader body, String sender, List<String> recipients)
      throws ProgramExit, InterruptedException {
    try (Draft draft = context.queue().open(Resubmission.origin(context))) {
      write(fields, body, draft.body());
      draft.commit(Resubmission.envelope(sender, recipients));
    } catch (QueueException e) {
      throw QueueStatus.of(e).exit();
    } catch (IOException e) {
      throw QueueStatus.of(ExitCode.WRITE, "").exit();
    }
  }

  /** A failure to read is an exit, one to write a throw. */
  private static void write(List<String> fields, MessageReader body, OutputStream out)
      throws ProgramExit, IOException, InterruptedException {
    for (String field : fields) {
      out.write(field.getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] block = new byte[BLOCK];
    for (int n = next(body, block); n >= 0; n = next(body, block)) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while copying the message");
      }
      out.write(block, 0, n);
    }
  }

  private static int next(MessageReader body, byte[] block) throws ProgramExit {
    try {
      return body.body(block);
    } catch (IOException e) {
      throw ProgramExit.temporary("read error");
    }
  }
}
