package org.sluice.delivery.forward.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.queue.Origin;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestDelivery;

class ForwardAgentTest {
  @TempDir Path home;
  private final ForwardAgent agent = new ForwardAgent();

  @Test
  void allAddressesInOneSubmissionTakenLiterally() throws Exception {
    var delivery = new TestDelivery(home).sender("caf\u00e9@x");
    assertEquals(
        new DeliveryResult.Delivered("qp 4711\n"), agent.deliver(delivery.of("a@b\n\n <c> @d")));
    assertEquals(
        List.of(
            new RecordingQueue.Queued(
                "Delivered-To: joe@example.org\nSubject: hi\n\nbody line\n",
                "Fcaf\u00e9@x\0Ta@b\0T\0T <c> @d\0\0",
                false)),
        delivery.queue.queued);
  }

  @Test
  void refusalsInTheQueuesWords() throws Exception {
    var delivery = new TestDelivery(home);
    delivery.queue.exit = 31;
    assertEquals(
        new DeliveryResult.PermFail(
            "Unable to forward message: mail server permanently rejected message (#5.3.0).\n"),
        agent.deliver(delivery.of("a@b")));
    delivery.queue.exit = 53;
    assertEquals(
        new DeliveryResult.TempFail(
            "Unable to forward message: qq write error or disk full (#4.3.0).\n"),
        agent.deliver(delivery.of("a@b")));
  }

  @Test
  void anUnreadableMessageIsNotForwarded() throws Exception {
    var broken =
        new MessageSource() {
          @Override
          public long size() {
            return 1 << 20;
          }

          @Override
          public Header header() {
            throw new UnsupportedOperationException();
          }

          @Override
          public InputStream open() throws IOException {
            throw new IOException("Input/output error");
          }
        };
    var delivery = new TestDelivery(home).message(broken);
    assertEquals(
        new DeliveryResult.TempFail("Unable to read message: input/output error. (#4.3.0)\n"),
        agent.deliver(delivery.of("a@b")));
    assertEquals(List.of(), delivery.queue.queued);
  }

  /** The queue's trace line knows the alias user by name and everybody else by number. */
  @Test
  void inTheNameOfTheUser() throws Exception {
    List<Origin> origins = new ArrayList<>();
    var queue = new RecordingQueue();
    for (String name : List.of("alias", "joe")) {
      Delivery plain = new TestDelivery(home).of("a@b");
      agent.deliver(
          new Delivery(
              plain.instruction(),
              new LocalUser(name, 1201, 7, home, "", ""),
              plain.sender(),
              plain.recipient(),
              plain.returnPath(),
              plain.deliveredTo(),
              plain.fromLine(),
              plain.environment(),
              plain.message(),
              origin -> {
                origins.add(origin);
                return queue.open(origin);
              },
              plain.out(),
              plain.err()));
    }
    assertEquals(List.of(Origin.ALIAS, Origin.user(1201)), origins);
  }
}
