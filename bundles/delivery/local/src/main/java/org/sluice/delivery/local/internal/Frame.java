package org.sluice.delivery.local.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;

/**
 * What server and worker say to each other on the worker's descriptors 0 and 1. The server begins
 * with AGENTS, which the worker answers with READY. For each delivery the server says DELIVER, and
 * the octets of the message follow; the worker says CALL for what it needs the server for, which
 * RESULT answers, and last EXIT. A worker is in its user's hands: the length of a frame is bounded.
 */
final class Frame {
  /** Kinds. */
  enum Kind {
    AGENTS,
    READY,
    DELIVER,
    HAS,
    CALL,
    RESULT,
    EXIT
  }

  /** Octets at most: the forwards of a .qmail file, and an environment. */
  private static final int LONGEST = DotQmail.LIMIT + (1 << 20);

  private final Kind kind;
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(octets);
  private final DataInputStream in;

  private Frame(Kind kind, byte[] content) {
    this.kind = kind;
    this.in = new DataInputStream(new ByteArrayInputStream(content));
  }

  /** A frame to be filled and sent. */
  static Frame of(Kind kind) {
    return new Frame(kind, new byte[0]);
  }

  /** The next frame. */
  static Frame receive(DataInputStream from) throws IOException {
    int kind = from.readUnsignedByte();
    int length = from.readInt();
    if (kind >= Kind.values().length || length < 0 || length > LONGEST) {
      throw new IOException("this is no frame");
    }
    byte[] content = from.readNBytes(length);
    if (content.length < length) {
      throw new EOFException("a frame is cut short");
    }
    return new Frame(Kind.values()[kind], content);
  }

  /** The next frame, which can only be of one kind. */
  static Frame receive(DataInputStream from, Kind expected) throws IOException {
    Frame frame = receive(from);
    if (frame.kind != expected) {
      throw new IOException(frame.kind + " comes instead of " + expected);
    }
    return frame;
  }

  void send(DataOutputStream to) throws IOException {
    if (octets.size() > LONGEST) {
      throw new IOException("too much for a frame");
    }
    to.writeByte(kind.ordinal());
    to.writeInt(octets.size());
    octets.writeTo(to);
    to.flush();
  }

  Kind kind() {
    return kind;
  }

  Frame put(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    out.writeInt(bytes.length);
    out.write(bytes);
    return this;
  }

  Frame put(long number) throws IOException {
    out.writeLong(number);
    return this;
  }

  Frame put(Map<String, String> map) throws IOException {
    put(map.size());
    for (var entry : map.entrySet()) {
      put(entry.getKey()).put(entry.getValue());
    }
    return this;
  }

  Frame put(Optional<Duration> duration) throws IOException {
    return put(duration.map(Duration::toMillis).orElse(-1L));
  }

  Frame put(DeliveryResult result) throws IOException {
    if (result instanceof DeliveryResult.Delivered done) {
      return put(ExitCode.OK).put(done.detail()).put(Optional.empty());
    }
    if (result instanceof DeliveryResult.DeliveredStop stop) {
      return put(ExitCode.STOP).put(stop.detail()).put(Optional.empty());
    }
    if (result instanceof DeliveryResult.PermFail failure) {
      return put(ExitCode.PERMANENT).put(failure.why()).put(Optional.empty());
    }
    if (result instanceof DeliveryResult.TempFail deferral) {
      return put(ExitCode.TEMPORARY).put(deferral.why()).put(deferral.retryAfter());
    }
    throw new IOException("an agent gave no result");
  }

  String text() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a frame contradicts itself");
    }
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  long number() throws IOException {
    return in.readLong();
  }

  Map<String, String> map() throws IOException {
    var map = new HashMap<String, String>();
    for (long left = number(); left > 0; left--) {
      map.put(text(), text());
    }
    return map;
  }

  Optional<Duration> duration() throws IOException {
    long millis = number();
    return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  DeliveryResult result() throws IOException {
    long status = number();
    String text = text();
    Optional<Duration> after = duration();
    if (status == ExitCode.OK) {
      return new DeliveryResult.Delivered(text);
    }
    if (status == ExitCode.STOP) {
      return new DeliveryResult.DeliveredStop(text);
    }
    return status == ExitCode.PERMANENT
        ? new DeliveryResult.PermFail(text)
        : new DeliveryResult.TempFail(text, after);
  }
}
