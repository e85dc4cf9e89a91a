package org.sluice.pop3.capa.internal;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.api.pop3.Pop3Hooks;

/** Tells clients what there is, and why a login failed. */
@Component(property = Pop3Extension.NAME + "=capa")
public final class Capa implements Pop3Extension {
  /**
   * In this order, whichever bundle came first; what is not here comes last. No client may care,
   * people who compare lists do.
   */
  private static final List<String> ORDER =
      List.of(
          "TOP",
          "UIDL",
          "PIPELINING",
          "RESP-CODES",
          "AUTH-RESP-CODE",
          "EXPIRE",
          "UTF8",
          "USER",
          "SASL",
          "STLS",
          "IMPLEMENTATION");

  @Override
  public Optional<Pop3Hooks> join(Pop3Dialogue dialogue) {
    return Optional.of(
        new Pop3Hooks() {
          @Override
          public List<String> capabilities() {
            return List.of("RESP-CODES", "AUTH-RESP-CODE");
          }

          @Override
          public Pop3Answer command(Pop3Command command) throws IOException, InterruptedException {
            return command.verb().equals("capa")
                ? new Pop3Answer.Lines(sorted(dialogue.capabilities()))
                : Pop3Answer.pass();
          }

          @Override
          public String error(String code, String text) {
            return "[" + code + "] " + text;
          }
        });
  }

  private static List<String> sorted(List<String> capabilities) {
    return capabilities.stream().sorted(Comparator.comparingInt(Capa::place)).toList();
  }

  private static int place(String capability) {
    int at = ORDER.indexOf(capability.split(" ", 2)[0]);
    return at < 0 ? ORDER.size() : at;
  }
}
