package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.net.TlsServer;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** SMTP on descriptors 0 and 1. */
@Component(property = Program.NAME + "=qmail-smtpd")
public final class SmtpdProgram implements Program {
  private final Services services;

  /** Serves with what is there at each moment. */
  @Activate
  public SmtpdProgram(@Reference Services services) {
    this.services = services;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return new SmtpSession(new Descriptors(context), services).run();
  }

  /** A program's streams as a door; whoever made them decides on time-outs. */
  private static final class Descriptors implements Door {
    private final ProgramContext context;
    private Map<String, String> environment;

    Descriptors(ProgramContext context) {
      this.context = context;
      this.environment = context.environment();
    }

    @Override
    public String id() {
      return "qmail-smtpd";
    }

    @Override
    public InputStream in() {
      return context.in();
    }

    @Override
    public OutputStream out() {
      return context.out();
    }

    @Override
    public Map<String, String> environment() {
      return environment;
    }

    @Override
    public boolean timeout(Duration limit) {
      // A plain stream has no time-out; the deadline of the context ends the program.
      return false;
    }

    @Override
    public void idle(boolean idle) {
      // Nobody drains a program: its peer closes the descriptors.
    }

    @Override
    public boolean draining() {
      return false;
    }

    @Override
    public boolean tlsPossible() {
      return false;
    }

    @Override
    public void startTls(TlsServer server) throws IOException {
      throw new IOException("no TLS on descriptors");
    }

    @Override
    public Optional<SSLSession> tls() {
      return Optional.empty();
    }

    /** The rules were somebody else's: what they allowed the first client is not passed on. */
    @Override
    public boolean client(Map<String, String> variables) {
      Map<String, String> next = new HashMap<>(environment);
      next.remove("RELAYCLIENT");
      next.putAll(variables);
      next.values().removeIf(String::isEmpty);
      environment = next;
      return true;
    }
  }
}
