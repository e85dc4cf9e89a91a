package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.api.pop3.Pop3Hooks;

/** Extensions that do one thing. */
public final class Fake {
  private Fake() {}

  /** What such a verb does. */
  @FunctionalInterface
  public interface Verb {
    /** Answers it. */
    Pop3Answer answer(Pop3Dialogue dialogue, Pop3Command command)
        throws IOException, InterruptedException;
  }

  /** Another text for errors. */
  @FunctionalInterface
  interface Coded {
    String error(String code, String text);
  }

  static Pop3Extension verb(String name, Pop3Answer answer) {
    return verb(name, (dialogue, command) -> answer);
  }

  /** A command of this name, in lower case. */
  public static Pop3Extension verb(String name, Verb verb) {
    return dialogue ->
        Optional.of(
            new Pop3Hooks() {
              @Override
              public Pop3Answer command(Pop3Command command)
                  throws IOException, InterruptedException {
                return command.verb().equals(name)
                    ? verb.answer(dialogue, command)
                    : Pop3Answer.pass();
              }
            });
  }

  static Pop3Extension coded(Coded coded) {
    return dialogue ->
        Optional.of(
            new Pop3Hooks() {
              @Override
              public String error(String code, String text) {
                return coded.error(code, text);
              }
            });
  }

  /** Lists what CAPA would; so do the tests of those that add to it. */
  public static Pop3Extension lister() {
    return verb("lines", (dialogue, command) -> new Pop3Answer.Lines(dialogue.capabilities()));
  }

  static Pop3Extension lists(String... capabilities) {
    return dialogue ->
        Optional.of(
            new Pop3Hooks() {
              @Override
              public List<String> capabilities() {
                return List.of(capabilities);
              }
            });
  }

  /** Says what the client has answered. */
  static Pop3Extension asks(String name) {
    return verb(name, (dialogue, command) -> new Pop3Answer.Ok(dialogue.ask(command.argument())));
  }
}
