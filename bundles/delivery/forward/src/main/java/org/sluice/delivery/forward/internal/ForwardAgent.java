package org.sluice.delivery.forward.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.QueueStatus;
import org.sluice.base.SystemError;

/**
 * Puts a message back into the queue for other addresses, all in one submission. The instruction is
 * the addresses, joined by LF; they are taken literally.
 */
@Component(property = DeliveryAgent.AGENT + "=forward")
public final class ForwardAgent implements DeliveryAgent {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardAgent.class);
  private static final int BLOCK = 65536;

  @Override
  public DeliveryResult deliver(Delivery delivery) {
    var recipients =
        Arrays.stream(delivery.instruction().split("\n", -1)).map(Recipient::new).toList();
    try (Draft draft = delivery.queue().open(origin(delivery.user()))) {
      copy(delivery, draft.body());
      draft.commit(new Envelope(delivery.sender(), recipients));
      return new DeliveryResult.Delivered("qp " + draft.process() + "\n");
    } catch (QueueException e) {
      LOG.debug("forward of {} refused", delivery.recipient(), e);
      return refused(QueueStatus.of(e));
    } catch (IOException e) {
      LOG.warn("forward of {}: message cannot be read", delivery.recipient(), e);
      return new DeliveryResult.TempFail(
          "Unable to read message: " + SystemError.text(e) + ". (#4.3.0)\n");
    }
  }

  /** The report of qmail-local (spec 40 section 11). */
  private static DeliveryResult refused(QueueStatus status) {
    String why = "Unable to forward message: " + status.text() + ".\n";
    return status.permanent() ? new DeliveryResult.PermFail(why) : new DeliveryResult.TempFail(why);
  }

  /** The queue's trace line knows the alias user by name and everybody else by number. */
  private static Origin origin(LocalUser user) {
    return user.name().equals("alias") ? Origin.ALIAS : Origin.user(user.uid());
  }

  private static void copy(Delivery delivery, OutputStream out) throws IOException {
    out.write(delivery.deliveredTo().getBytes(StandardCharsets.ISO_8859_1));
    byte[] block = new byte[(int) Math.min(BLOCK, delivery.message().size() + 1)];
    try (InputStream in = delivery.message().open()) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        out.write(block, 0, n);
      }
    }
  }
}
