package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.SessionExtensions;
import org.sluice.base.SessionExtensions.Call;
import org.sluice.base.SessionExtensions.Part;

/** The extensions that one session has, each call guarded. */
final class Hooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);
  private static final Reply FAILED =
      Reply.of(451, "4.3.0", "an extension of this server failed, try again");

  private final SessionExtensions<SmtpExtension, SmtpHooks> extensions;

  private Hooks(SessionExtensions<SmtpExtension, SmtpHooks> extensions) {
    this.extensions = extensions;
  }

  /**
   * Lets every extension that is there join a session.
   *
   * @param present those of the moment; asked again if one of them has left since
   * @param required names of those without which there cannot be a session
   * @throws SessionEnd if one of these cannot join
   */
  static Hooks join(
      SessionExtensions.Present<SmtpExtension> present, Set<String> required, SmtpDialogue dialogue)
      throws IOException, InterruptedException {
    SessionExtensions<SmtpExtension, SmtpHooks> joined =
        SessionExtensions.join(
            dialogue.session().id(), SessionEnd.class, present, e -> e.join(dialogue));
    if (joined.lacks(required)) {
      joined.close();
      throw new SessionEnd("421 " + FAILED.lines().get(0) + " (#4.3.0)", 1);
    }
    return new Hooks(joined);
  }

  boolean none() {
    return parts().isEmpty();
  }

  private List<Part<SmtpExtension, SmtpHooks>> parts() {
    return extensions.parts();
  }

  Optional<Reply> connected() throws IOException, InterruptedException {
    return first(SmtpHooks::connected);
  }

  /**
   * What the answer to EHLO is to promise; who adds no line to it mostly has no parameters either.
   */
  Offer offer() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    Set<String> mail = new HashSet<>();
    Set<String> recipient = new HashSet<>();
    for (Part<SmtpExtension, SmtpHooks> part : parts()) {
      List<String> keywords = extensions.call(part, SmtpHooks::keywords, List.of());
      lines.addAll(keywords);
      if (extensions.call(part, hooks -> hooks.takesParameters(keywords), false)) {
        mail.addAll(extensions.call(part, SmtpHooks::mailParameters, Set.of()));
        recipient.addAll(extensions.call(part, SmtpHooks::recipientParameters, Set.of()));
      }
    }
    return new Offer(true, lines, mail, recipient);
  }

  /** Whether one of them has this parameter of MAIL, said or not. */
  boolean takes(String parameter) {
    for (Part<SmtpExtension, SmtpHooks> part : parts()) {
      try {
        if (part.hooks().mailParameters().contains(parameter)) {
          return true;
        }
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("{}: an extension failed", extensions.id(), e);
      }
    }
    return false;
  }

  SmtpAnswer command(SmtpCommand command) throws IOException, InterruptedException {
    for (Part<SmtpExtension, SmtpHooks> part : parts()) {
      var answer =
          extensions.call(part, hooks -> hooks.command(command), new SmtpAnswer.Say(FAILED));
      if (!(answer instanceof SmtpAnswer.Pass)) {
        return answer;
      }
    }
    return SmtpAnswer.pass();
  }

  Optional<Reply> mail(List<SmtpParameter> parameters) throws IOException, InterruptedException {
    return first(hooks -> hooks.mail(parameters));
  }

  Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters)
      throws IOException, InterruptedException {
    return first(hooks -> hooks.recipient(recipient, parameters));
  }

  private Optional<Reply> first(Call<SmtpHooks, Optional<Reply>> call)
      throws IOException, InterruptedException {
    for (Part<SmtpExtension, SmtpHooks> part : parts()) {
      Optional<Reply> reply = extensions.call(part, call, Optional.of(FAILED));
      if (reply.isPresent()) {
        return reply;
      }
    }
    return Optional.empty();
  }

  Reply edit(String verb, Reply reply) throws IOException {
    Reply edited = reply;
    for (Part<SmtpExtension, SmtpHooks> part : parts()) {
      try {
        Reply before = edited;
        Reply after = extensions.call(part, hooks -> hooks.edit(verb, before), before);
        edited = after.code() / 100 == reply.code() / 100 ? after : before;
      } catch (InterruptedException e) {
        throw new IllegalStateException("edit() cannot be interrupted", e);
      }
    }
    return edited;
  }

  void reset() {
    for (Part<SmtpExtension, SmtpHooks> part : parts()) {
      try {
        part.hooks().reset();
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("{}: an extension failed", extensions.id(), e);
      }
    }
  }

  /** The session waits for a command and is in no transaction: it may be told to go next. */
  void rest() {
    extensions.rest();
  }

  /** The session goes on; false if it is to be told to go, without the extensions' help. */
  boolean wake() {
    return extensions.wake();
  }

  /**
   * Whether an extension was taken away in the midst of something. What it has promised is kept by
   * nobody then: the octets of BDAT would be read as commands, and parameters be ignored.
   */
  boolean robbed() {
    return extensions.robbed();
  }

  /** Lets the extensions go. */
  @Override
  public void close() {
    extensions.close();
  }
}
