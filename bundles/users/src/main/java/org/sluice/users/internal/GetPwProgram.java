package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** qmail-getpw (spec 40 section 4): six fields, each with a NUL. */
@Component(property = {Program.NAME + "=qmail-getpw", Program.STANDALONE + ":Boolean=true"})
public final class GetPwProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(GetPwProgram.class);
  private final GetPw accounts;

  /** Of the home directory. */
  @Activate
  public GetPwProgram(@Reference Control control) {
    this(new GetPw(SystemAccounts.ofSystem(), control.home()));
  }

  GetPwProgram(GetPw accounts) {
    this.accounts = accounts;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    if (context.arguments().isEmpty()) {
      return ExitCode.PERMANENT;
    }
    Fields found;
    try {
      found = accounts.find(context.arguments().get(0));
    } catch (UserLookupException e) {
      LOG.debug("qmail-getpw prints nothing: {}", e.getMessage());
      return e.exitCode();
    }
    String fields =
        String.join(
            "\0",
            found.user(),
            Long.toString(found.uid()),
            Long.toString(found.gid()),
            found.home(),
            found.dash(),
            found.ext(),
            "");
    context.out().write(fields.getBytes(StandardCharsets.ISO_8859_1));
    context.out().flush();
    return ExitCode.OK;
  }
}
