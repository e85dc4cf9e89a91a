package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailEvents;
import org.sluice.api.queue.Origin;

/** What filters see of a draft, and what observers are told of deliveries. */
class HandedInTest {
  @TempDir Path home;

  private Bench bench() throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "m\n");
    Files.writeString(home.resolve("control/locals"), "here\n");
    return new Bench(home);
  }

  @Test
  void aDraftsMessageIsWhatWasHandedIn() throws Exception {
    try (Bench bench = bench()) {
      for (String text : List.of("", "A: b\n\nx\n", "A: b\n\n" + "x".repeat(2_000_000))) {
        try (var draft = bench.queue.open(Origin.NETWORK)) {
          draft.body().write(text.getBytes(StandardCharsets.ISO_8859_1));
          var message = draft.message();
          assertEquals(text.length(), message.size());
          assertEquals(
              text.isEmpty() ? Optional.empty() : Optional.of(" b"), message.header().first("A"));
          assertEquals(Optional.empty(), message.header().first("Received"));
          try (var in = message.open()) {
            assertEquals(text, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
          }
        }
      }
    }
  }

  @Test
  void observersAreToldOfEachRecipient() throws Exception {
    BlockingQueue<MailEvent> told = new LinkedBlockingQueue<>();
    MailEvents events = told::add;
    try (Bench bench = bench()) {
      bench.queue.bindEvents(events);
      bench.connect();
      bench.submit("a@b", List.of("one@here", "two@here", "three@here"), "x");
      for (String box : List.of("one", "two", "three")) {
        while (bench.open().stream().noneMatch(o -> o.attempt.recipient().startsWith(box))) {
          bench.settle();
        }
      }
      for (Bench.Open open : bench.open()) {
        String box = open.attempt.recipient();
        open.answer(
            box.startsWith("one")
                ? new DeliveryResult.Delivered("did\n")
                : box.startsWith("two")
                    ? new DeliveryResult.TempFail("busy\n")
                    : new DeliveryResult.PermFail("none\n"));
        MailEvent event = told.poll(60, TimeUnit.SECONDS);
        assertEquals(
            box.startsWith("one")
                ? MailEvent.Type.DELIVERED
                : box.startsWith("two") ? MailEvent.Type.DEFERRED : MailEvent.Type.BOUNCED,
            event.type());
        assertEquals(Optional.of(open.attempt.id()), event.id());
        String text = box.startsWith("one") ? "did\n" : box.startsWith("two") ? "busy\n" : "none\n";
        assertEquals("<" + box + ">: " + text, event.detail());
      }
      bench.queue.unbindEvents(events);
    }
  }
}
