package org.sluice.pop3.utf8.internal;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.api.pop3.Pop3Hooks;

/** Takes UTF8, which changes nothing: messages are sent as they are, with and without it. */
@Component(property = Pop3Extension.NAME + "=utf8")
public final class Utf8 implements Pop3Extension {
  @Override
  public Optional<Pop3Hooks> join(Pop3Dialogue dialogue) {
    return Optional.of(
        new Pop3Hooks() {
          @Override
          public List<String> capabilities() {
            return List.of("UTF8");
          }

          @Override
          public Pop3Answer command(Pop3Command command) {
            if (!command.verb().equals("utf8") || dialogue.loggedIn()) {
              return Pop3Answer.pass();
            }
            return command.argument().isEmpty()
                ? new Pop3Answer.Ok("")
                : new Pop3Answer.Error("syntax error");
          }
        });
  }
}
