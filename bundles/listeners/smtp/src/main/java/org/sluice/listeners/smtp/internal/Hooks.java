package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;

/** The extensions that one session has, each call guarded. */
final class Hooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);
  private static final Reply FAILED =
      Reply.of(451, "4.3.0", "an extension of this server failed, try again");

  private record Part(Extension extension, SmtpHooks hooks) {}

  /** Which extensions a session is to have. */
  @FunctionalInterface
  interface Present {
    /**
     * Those of the moment; may wait for some.
     *
     * @throws SessionEnd if there cannot be a session without one that is away
     */
    List<Extension> now() throws SessionEnd, InterruptedException;
  }

  /** What a hook does. */
  @FunctionalInterface
  private interface Call<T> {
    T run(SmtpHooks hooks) throws IOException, InterruptedException;
  }

  private final String id;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rest = lock.newCondition();
  private volatile List<Part> parts = List.of();
  private boolean resting;
  private boolean leaving;
  private boolean robbed;

  private Hooks(String id) {
    this.id = id;
  }

  /**
   * Lets every extension that is there join a session.
   *
   * @param present those of the moment; asked again if one of them has left since
   * @param required names of those without which there cannot be a session
   * @throws SessionEnd if one of these cannot join
   */
  static Hooks join(Present present, Set<String> required, SmtpDialogue dialogue)
      throws SessionEnd, InterruptedException {
    var hooks = new Hooks(dialogue.session().id());
    List<Extension> extensions = present.now();
    while (!hooks.pin(extensions)) {
      // Else the session would have neither the one that has left nor the one in its place.
      hooks = new Hooks(hooks.id);
      extensions = present.now();
    }
    hooks.join(extensions, required, dialogue);
    return hooks;
  }

  /** Enters all of them, or none. */
  private boolean pin(List<Extension> extensions) {
    for (Extension extension : extensions) {
      if (!extension.pin(this)) {
        extensions.forEach(e -> e.release(this));
        return false;
      }
    }
    return true;
  }

  private void join(List<Extension> extensions, Set<String> required, SmtpDialogue dialogue)
      throws SessionEnd {
    List<Part> joined = new ArrayList<>();
    for (Extension extension : extensions) {
      Optional<SmtpHooks> part = Optional.empty();
      try {
        part = extension.service().join(dialogue);
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("{}: an extension cannot join", id, e);
        if (required.contains(extension.name())) {
          extensions.forEach(pinned -> pinned.release(this));
          throw new SessionEnd("421 " + FAILED.lines().get(0) + " (#4.3.0)", 1);
        }
      }
      part.ifPresentOrElse(p -> joined.add(new Part(extension, p)), () -> extension.release(this));
    }
    parts = List.copyOf(joined);
  }

  String id() {
    return id;
  }

  boolean none() {
    return parts.isEmpty();
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
    for (Part part : parts) {
      List<String> keywords = call(part, SmtpHooks::keywords, List.of());
      lines.addAll(keywords);
      if (call(part, hooks -> hooks.takesParameters(keywords), false)) {
        mail.addAll(call(part, SmtpHooks::mailParameters, Set.of()));
        recipient.addAll(call(part, SmtpHooks::recipientParameters, Set.of()));
      }
    }
    return new Offer(true, lines, mail, recipient);
  }

  /** Whether one of them has this parameter of MAIL, said or not. */
  boolean takes(String parameter) {
    for (Part part : parts) {
      try {
        if (part.hooks().mailParameters().contains(parameter)) {
          return true;
        }
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("{}: an extension failed", id, e);
      }
    }
    return false;
  }

  SmtpAnswer command(SmtpCommand command) throws IOException, InterruptedException {
    for (Part part : parts) {
      var answer = call(part, hooks -> hooks.command(command), new SmtpAnswer.Say(FAILED));
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

  private Optional<Reply> first(Call<Optional<Reply>> call)
      throws IOException, InterruptedException {
    for (Part part : parts) {
      Optional<Reply> reply = call(part, call, Optional.of(FAILED));
      if (reply.isPresent()) {
        return reply;
      }
    }
    return Optional.empty();
  }

  Reply edit(String verb, Reply reply) throws IOException {
    Reply edited = reply;
    for (Part part : parts) {
      try {
        Reply before = edited;
        Reply after = call(part, hooks -> hooks.edit(verb, before), before);
        edited = after.code() / 100 == reply.code() / 100 ? after : before;
      } catch (InterruptedException e) {
        throw new IllegalStateException("edit() cannot be interrupted", e);
      }
    }
    return edited;
  }

  void reset() {
    for (Part part : parts) {
      try {
        part.hooks().reset();
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("{}: an extension failed", id, e);
      }
    }
  }

  private <T> T call(Part part, Call<T> call, T failed) throws IOException, InterruptedException {
    try {
      T result = call.run(part.hooks());
      if (result != null) {
        return result;
      }
      LOG.warn("{}: {} gave null", id, part.hooks().getClass());
    } catch (SessionEnd end) {
      throw end;
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("{}: an extension failed", id, e);
    }
    return failed;
  }

  /** The session waits for a command and is in no transaction: it may be told to go next. */
  void rest() {
    lock.lock();
    try {
      resting = true;
      rest.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The session goes on; false if it is to be told to go, without the extensions' help. */
  boolean wake() {
    lock.lock();
    try {
      resting = false;
      if (leaving) {
        close();
      }
      return !leaving;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether an extension was taken away in the midst of something. What it has promised is kept by
   * nobody then: the octets of BDAT would be read as commands, and parameters be ignored.
   */
  boolean robbed() {
    lock.lock();
    try {
      return robbed;
    } finally {
      lock.unlock();
    }
  }

  /** Has the session told to go at its next command outside a transaction. */
  void leave() {
    lock.lock();
    try {
      leaving = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the session rests, or has ended, or the time is up. */
  void awaitRest(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!resting && !parts.isEmpty() && left > 0) {
        left = rest.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes an extension away for good; whether that is in the midst of something. The session is to
   * go at its next command, which it may not have been told if whoever removes it was interrupted.
   */
  boolean dismiss(Extension extension) {
    lock.lock();
    try {
      parts = parts.stream().filter(p -> p.extension() != extension).toList();
      leaving = true;
      robbed |= !resting;
      return !resting;
    } finally {
      lock.unlock();
      extension.release(this);
    }
  }

  /** Lets the extensions go. */
  @Override
  public void close() {
    List<Part> left;
    lock.lock();
    try {
      left = parts;
      parts = List.of();
      rest.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(part -> part.extension().release(this));
  }
}
