package org.sluice.filters.recipients.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Destinations;
import org.sluice.api.delivery.Transport;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.listeners.smtp.internal.SmtpTalk;

/**
 * Over the dialogue of the real listener; the rules themselves are the queue's and the delivery's.
 */
class RecipientsTest {
  private static final String OK = "250 ok";
  private static final String NOBODY = "550 5.1.1 sorry, no mailbox here by that name";

  private final SmtpTalk talk = new SmtpTalk();
  private Recipients filter = new Recipients(true);

  /** Asks for what the test has told. */
  private record Knows(Mailbox mailbox) implements Transport {
    @Override
    public DeliveryResult deliver(Attempt attempt) {
      throw new AssertionError("nothing is delivered here");
    }

    @Override
    public Mailbox find(String recipient) throws IOException {
      return switch (recipient) {
        case "none@here", "none@remote" -> Mailbox.MISSING;
        case "virtual-none@away" -> Mailbox.MISSING;
        case "trouble@here" -> throw new IOException("later");
        default -> mailbox;
      };
    }
  }

  private static final Destinations QUEUE =
      recipient ->
          switch (recipient.substring(recipient.indexOf('@') + 1)) {
            case "here" -> new QueuedRecipient(Channel.LOCAL, recipient);
            case "away" -> new QueuedRecipient(Channel.LOCAL, "virtual-" + recipient);
            case "remote" -> new QueuedRecipient(Channel.REMOTE, recipient);
            default -> throw new IOException("control/locals cannot be read");
          };

  private static final Transport THERE = new Knows(Transport.Mailbox.THERE);

  @BeforeEach
  void bind() {
    filter.addQueue(QUEUE, Map.of());
    filter.addTransport(THERE, Map.of());
    talk.chain.recipientFilter = Optional.of(filter);
  }

  private List<String> rcpt(String... recipients) throws Exception {
    var said = new StringBuilder("MAIL FROM:<>\r\n");
    for (String recipient : recipients) {
      said.append("RCPT TO:<" + recipient + ">\r\n");
    }
    List<String> lines = SmtpTalk.lines(talk.say(said.toString()));
    return lines.subList(2, lines.size());
  }

  @Test
  void refusesWhatWouldBounceAndNothingElse() throws Exception {
    assertEquals(
        List.of(OK, NOBODY, NOBODY, OK, OK),
        rcpt("joe@here", "none@here", "none@away", "joe@away", "none@remote"));
  }

  @Test
  void whatCannotBeToldPasses() throws Exception {
    assertEquals(List.of(OK, OK), rcpt("trouble@here", "none@unreadable"));
    filter.removeTransport(THERE);
    assertEquals(List.of(OK), rcpt("none@here"));
    filter.addTransport(THERE, Map.of());
    assertEquals(List.of(NOBODY), rcpt("none@here"));
    filter.removeQueue(QUEUE);
    assertEquals(List.of(OK), rcpt("none@here"));
  }

  /** Another transport that delivers instead has mailboxes of its own. */
  @Test
  void theTransportThatDeliversIsAsked() throws Exception {
    Transport better = attempt -> new DeliveryResult.Delivered("");
    filter.addTransport(better, Map.of("service.ranking", 1));
    assertEquals(List.of(OK), rcpt("none@here"));
    filter.removeTransport(better);
    assertEquals(List.of(NOBODY), rcpt("none@here"));
  }

  @Test
  void clientsThatMayRelay() throws Exception {
    talk.with("RELAYCLIENT", "");
    assertEquals(List.of(NOBODY), rcpt("none@here"));
    filter = new Recipients(false);
    bind();
    assertEquals(List.of(OK), rcpt("none@here"));
  }

  /** RELAYCLIENT changes the recipient, and the changed one is delivered. */
  @Test
  void whatRelayClientAppends() throws Exception {
    talk.with("RELAYCLIENT", "@remote");
    assertEquals(List.of(OK), rcpt("none@here"));
  }
}
