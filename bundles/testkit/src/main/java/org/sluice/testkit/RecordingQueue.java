package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.BytesMessage;

/** A queue that keeps what it is given, in the form of the vectors, and fails as told. */
public final class RecordingQueue implements MailQueue {
  /** One submission. */
  public record Queued(String message, String envelope, boolean held) {}

  /** What came in, in order; a submission that fails is among them. */
  public final List<Queued> queued = new ArrayList<>();

  /** The same submissions' envelopes, with all that was asked. */
  public final List<Envelope> envelopes = new ArrayList<>();

  /** Who opened it, each time. */
  public final List<Origin> origins = new ArrayList<>();

  /** qmail-queue's exit status of every commit. */
  public int exit;

  /** The text of the failure: descriptor 6. */
  public String error = "";

  /** What is thrown instead of opening. */
  public Optional<QueueException> open = Optional.empty();

  /** Octets after which writing fails as on a full disk. */
  public int bodyLimit = Integer.MAX_VALUE;

  @Override
  public Draft open(Origin origin) throws QueueException {
    if (open.isPresent()) {
      throw open.get();
    }
    origins.add(origin);
    return new Recorded();
  }

  /** Makes it fail as the vector says. */
  public void fail(Map<String, Object> vector) {
    // A signal's status has no number of its own in process: -1 stands for "crashed".
    exit = (int) Math.max(-1, (Long) vector.getOrDefault("queue_exit", 0L));
    error = Vectors.text(vector, "queue_error");
  }

  /** Asserts that the vector's submissions came in and no others. */
  public void check(Map<String, Object> vector, Template template) {
    List<?> expected = vector.get("queued") instanceof List<?> list ? list : List.of();
    assertEquals(expected.size(), queued.size(), "submissions");
    for (int i = 0; i < queued.size(); i++) {
      Map<?, ?> one = (Map<?, ?>) expected.get(i);
      template.check(one.get("message").toString(), queued.get(i).message(), "message");
      template.check(one.get("envelope").toString(), queued.get(i).envelope(), "envelope");
    }
  }

  private final class Recorded implements Draft {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean held;

    @Override
    public OutputStream body() {
      return new FilterOutputStream(body) {
        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
          if (body.size() + length > bodyLimit) {
            throw new QueueException(ExitCode.WRITE, "disk full");
          }
          body.write(octets, offset, length);
        }
      };
    }

    @Override
    public MessageSource message() {
      return new BytesMessage(body.toByteArray(), 0, body.size());
    }

    @Override
    public void hold(String reason) {
      held = true;
    }

    @Override
    public QueueId commit(Envelope envelope) throws QueueException {
      var text = new StringBuilder("F").append(envelope.sender().address()).append('\0');
      for (Recipient recipient : envelope.recipients()) {
        text.append('T').append(recipient.address()).append('\0');
      }
      queued.add(
          new Queued(
              body.toString(StandardCharsets.ISO_8859_1), text.append('\0').toString(), held));
      envelopes.add(envelope);
      if (exit != 0) {
        throw new QueueException(exit, error);
      }
      return new QueueId(queued.size());
    }

    @Override
    public long process() {
      return 4711;
    }

    @Override
    public void close() {
      body.reset();
    }
  }
}
