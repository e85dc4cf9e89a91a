package org.sluice.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;

/** A delivery of joe's as an agent meets it, and what the agent printed. */
public final class TestDelivery {
  private final LocalUser user;
  private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
  private MessageSource message = message("Subject: hi\n\nbody line\n");
  private String sender = "sam@sender.example";

  /** Where forwards go. */
  public final RecordingQueue queue = new RecordingQueue();

  /** What was printed on both descriptors, in order. */
  public final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  /** With this home, which is also what its owner owns. */
  public TestDelivery(Path home) throws IOException {
    int uid = (Integer) Files.getAttribute(home, "unix:uid");
    int gid = (Integer) Files.getAttribute(home, "unix:gid");
    user = new LocalUser("joe", uid, gid, home, "", "");
  }

  /** Replaces the message. */
  public TestDelivery message(MessageSource other) {
    message = other;
    return this;
  }

  /** Replaces the sender. */
  public TestDelivery sender(String address) {
    sender = address;
    return this;
  }

  /** Sets a variable. */
  public TestDelivery with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** A message in memory. */
  public static MessageSource message(String text) {
    byte[] octets = Vectors.bytes(text);
    return new BytesMessage(octets, 0, octets.length);
  }

  /** The delivery for an instruction. */
  public Delivery of(String instruction) {
    return new Delivery(
        instruction,
        user,
        new ReversePath(sender),
        "joe@example.org",
        "Return-Path: <" + sender + ">\n",
        "Delivered-To: joe@example.org\n",
        "From " + sender + " Wed Nov 04 11:46:07 2026\n",
        environment,
        message,
        queue,
        printed,
        printed);
  }

  /** What was printed. */
  public String text() {
    return printed.toString(StandardCharsets.ISO_8859_1);
  }
}
