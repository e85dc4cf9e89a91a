package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.api.pop3.Pop3Hooks;
import org.sluice.base.ExtensionServices;
import org.sluice.base.SessionExtensions;
import org.sluice.base.SessionExtensions.Part;

/** The extensions that one session has, each call guarded. */
final class Hooks implements AutoCloseable {
  /** The variable: names of extensions without which the listener must not serve. */
  private static final String REQUIRED = "POP3EXTENSIONS";

  private static final String AWAY = "an extension is being replaced, try again";
  private static final String FAILED = "an extension of this server failed, try again";

  private final SessionExtensions<Pop3Extension, Pop3Hooks> extensions;
  private final Set<String> required;

  private Hooks(SessionExtensions<Pop3Extension, Pop3Hooks> extensions, Set<String> required) {
    this.extensions = extensions;
    this.required = required;
  }

  /** None: the dialogue is qmail's. */
  static Hooks none(String id) {
    return new Hooks(SessionExtensions.none(id), Set.of());
  }

  /** Without what its listener demands there is no session. */
  static final class MissingException extends IOException {
    private static final long serialVersionUID = 1L;

    MissingException(String told) {
      super(told);
    }
  }

  /**
   * Lets every extension that is there join a session.
   *
   * @param environment the session's, which may demand some
   * @throws MissingException if one of these is still away after a while, or cannot join; the
   *     message is for the client
   */
  static Hooks join(
      String id, Extensions present, Map<String, String> environment, Pop3Dialogue dialogue)
      throws IOException, InterruptedException {
    Set<String> required = required(environment);
    SessionExtensions<Pop3Extension, Pop3Hooks> joined =
        SessionExtensions.join(
            id,
            ClientGone.class,
            () -> present.with(required).orElseThrow(() -> new MissingException(AWAY)),
            extension -> extension.join(dialogue));
    if (joined.lacks(required)) {
      joined.close();
      throw new MissingException(FAILED);
    }
    return new Hooks(joined, required);
  }

  private static Set<String> required(Map<String, String> environment) {
    return ExtensionServices.names(environment.getOrDefault(REQUIRED, ""));
  }

  /**
   * To be asked where extensions do not take part.
   *
   * @throws MissingException if the listener demands some all the same
   */
  static void checkNoneDemanded(Map<String, String> environment) throws MissingException {
    if (!required(environment).isEmpty()) {
      throw new MissingException("extensions are demanded, but switched off here");
    }
  }

  boolean isEmpty() {
    return extensions.parts().isEmpty();
  }

  /**
   * To be asked between commands.
   *
   * @throws MissingException if one that the listener demands has been taken away; the message is
   *     for the client
   */
  void check() throws MissingException {
    if (extensions.lacks(required)) {
      throw new MissingException(AWAY);
    }
  }

  List<String> capabilities() throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    for (Part<Pop3Extension, Pop3Hooks> part : extensions.parts()) {
      all.addAll(
          extensions.call(
              part,
              hooks -> new Pop3Answer.Lines(hooks.capabilities()).lines(), // none breaks the list
              List.of()));
    }
    return all;
  }

  Pop3Answer command(Pop3Command command) throws IOException, InterruptedException {
    var failed = new Pop3Answer.Error(FAILED);
    for (Part<Pop3Extension, Pop3Hooks> part : extensions.parts()) {
      Pop3Answer answer = extensions.call(part, hooks -> hooks.command(command), failed);
      if (answer == failed) {
        return new Pop3Answer.Error(error("SYS/TEMP", FAILED));
      }
      if (!(answer instanceof Pop3Answer.Pass)) {
        return answer;
      }
    }
    return Pop3Answer.pass();
  }

  /** The text of an error that has a response code. */
  String error(String code, String text) throws IOException, InterruptedException {
    String error = text;
    for (Part<Pop3Extension, Pop3Hooks> part : extensions.parts()) {
      String before = error;
      String after = extensions.call(part, hooks -> hooks.error(code, before), before);
      error = after.indexOf('\r') < 0 && after.indexOf('\n') < 0 ? after : before;
    }
    return error;
  }

  /** The session waits for a command: an extension that leaves may do so now. */
  void rest() {
    extensions.rest();
  }

  /** The session goes on, with the extensions that are left. */
  void resume() {
    extensions.resume();
  }

  /** Lets the extensions go. */
  @Override
  public void close() {
    extensions.close();
  }
}
