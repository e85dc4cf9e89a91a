package org.sluice.tools.rblsmtpd.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.Decimal;
import org.sluice.base.Options;
import org.sluice.base.ProgramExit;
import org.sluice.base.program.RunNumber;
import org.sluice.dns.DnsJavaResolver;

/**
 * {@code rblsmtpd [options] program [arg ...]}: keeps clients that are listed from an SMTP server
 * (spec 20 section 13.1).
 */
@Component(property = {Program.NAME + "=rblsmtpd", Program.STANDALONE + ":Boolean=true"})
public final class RblsmtpdProgram implements Program {
  private static final int SECONDS = 60;

  private final InstantSource clock;

  /** With the time of the system. */
  public RblsmtpdProgram() {
    this(InstantSource.system());
  }

  RblsmtpdProgram(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "rblsmtpd", () -> decide(context));
  }

  private int decide(ProgramContext context) throws ProgramExit, IOException, InterruptedException {
    Options options = parse(context.arguments());
    if (verdict(context, options) instanceof Verdict.Blocked blocked) {
      String reply = blocked.reply();
      String client = context.environment().getOrDefault("TCPREMOTEIP", "");
      String line = "rblsmtpd: " + client + " pid " + RunNumber.next() + ": " + reply + "\n";
      context.err().write(line.getBytes(StandardCharsets.ISO_8859_1));
      context.err().flush();
      new Refusal(context, reply).run(clock, time(options));
      return ExitCode.OK;
    }
    List<String> program = options.operands();
    return Child.become(context.execution(program), program.get(0));
  }

  private static Verdict verdict(ProgramContext context, Options options) throws IOException {
    String told = context.environment().get("RBLSMTPD");
    if (told != null) {
      return Lists.told(told);
    }
    var dns = DnsJavaResolver.ofCache(context.environment().get("DNSCACHEIP"));
    return new Lists(dns, context.environment().getOrDefault("TCPREMOTEIP", ""))
        .ask(options.options());
  }

  private static Options parse(List<String> arguments) throws ProgramExit {
    ProgramExit usage =
        ProgramExit.usage(
            "rblsmtpd [ -b ] [ -R ] [ -t timeout ] [ -r base ] [ -a base ] smtpd [ arg ... ]");
    Options options;
    try {
      options = Options.parse("bBcCt:r:a:", arguments);
    } catch (ProgramExit e) {
      throw e.and(usage);
    }
    if (options.operands().isEmpty()) {
      throw usage;
    }
    return options;
  }

  private static Duration time(Options options) {
    int seconds = SECONDS;
    for (Options.Option option : options.options()) {
      seconds = option.letter() == 't' ? Decimal.small(option.value()) : seconds;
    }
    return Duration.ofSeconds(seconds);
  }
}
