package org.sluice.net.internal.rules;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.control.cdb.CdbWriter;

/** {@code tcprules rules.cdb rules.tmp}: rules on descriptor 0 (spec 20 section 4.1). */
@Component(property = {Program.NAME + "=tcprules", Program.STANDALONE + "=true"})
public final class TcpRules implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "tcprules", () -> make(context));
  }

  private static int make(ProgramContext context) throws ProgramExit {
    if (context.arguments().size() < 2) {
      throw ProgramExit.usage("tcprules rules.cdb rules.tmp");
    }
    String target = context.arguments().get(0);
    String temporary = context.arguments().get(1);
    try (var writer = create(context.directory(), target, temporary)) {
      var in = new BufferedInputStream(context.in(), 65_536);
      for (Optional<String> line = line(in); line.isPresent(); line = line(in)) {
        Optional<RuleLine> rule = rule(line.get());
        if (rule.isPresent()) {
          add(writer, rule.get());
        }
      }
      writer.finish();
      move(writer, temporary, target);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to write to " + temporary, e);
    }
    return ExitCode.OK;
  }

  private static CdbWriter create(Path directory, String target, String temporary)
      throws ProgramExit {
    try {
      return new CdbWriter(
          PathBytes.resolve(directory, target), PathBytes.resolve(directory, temporary));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to create " + temporary, e);
    }
  }

  /** The next line without the blanks at its end; empty if there is none. */
  private static Optional<String> line(InputStream in) throws ProgramExit {
    var line = new ByteArrayOutputStream();
    try {
      int octet = in.read();
      if (octet < 0) {
        return Optional.empty();
      }
      for (; octet >= 0 && octet != '\n'; octet = in.read()) {
        line.write(octet);
      }
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read input", e);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    return Optional.of(text.substring(0, end));
  }

  private static Optional<RuleLine> rule(String line) throws ProgramExit {
    try {
      return RuleLine.parse(line);
    } catch (RuleLine.Malformed e) {
      // A string of C ends at its NUL.
      throw ProgramExit.permanent("unable to parse this line: " + line.split("\0", 2)[0]);
    }
  }

  private static void add(CdbWriter writer, RuleLine rule) throws IOException {
    byte[] data = rule.data().getBytes(StandardCharsets.ISO_8859_1);
    for (String address : rule.addresses()) {
      writer.add(address.getBytes(StandardCharsets.ISO_8859_1), data);
    }
  }

  private static void move(CdbWriter writer, String temporary, String target) throws ProgramExit {
    try {
      writer.move();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to move " + temporary + " to " + target, e);
    }
  }
}
