package org.sluice.programs.qreceipt.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.QueueException;
import org.sluice.base.AddressList;
import org.sluice.base.HeaderToken.SyntaxException;
import org.sluice.base.MessageField;
import org.sluice.base.MessageReader;
import org.sluice.base.ProgramExit;
import org.sluice.base.QueueStatus;
import org.sluice.base.Quote;
import org.sluice.base.Resubmission;

/** {@code qreceipt deliveryaddress}: confirms a delivery (spec 40 section 13.3). */
@Component(property = Program.NAME + "=qreceipt")
public final class QreceiptProgram implements Program {
  private static final String NOTICE =
      """
      From: DELIVERY NOTICE SYSTEM <%1$s>
      To: <%1$s>
      Subject: success notice

      Hi! This is the qreceipt program. Your message was delivered to the
      following address: %2$s. Thanks for asking.
      """;

  /**
   * What the header asks for.
   *
   * @param due whether a receipt for the address is wanted
   * @param messageId the last Message-ID field
   */
  private record Request(boolean due, Optional<MessageField> messageId) {}

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qreceipt", () -> receipt(context));
  }

  private static int receipt(ProgramContext context) throws ProgramExit {
    String sender = context.environment().get("SENDER");
    if (sender == null || context.arguments().isEmpty()) {
      throw ProgramExit.usage("qreceipt deliveryaddress");
    }
    String address = context.arguments().get(0);
    Request request;
    try {
      request = read(new MessageReader(context.in()), address);
    } catch (IOException e) {
      throw ProgramExit.temporary("read error");
    }
    boolean bounce = sender.isEmpty() || sender.equals(ReversePath.DOUBLE_BOUNCE.address());
    if (request.due() && !bounce) {
      String notice = NOTICE.formatted(Quote.address(sender), address);
      String id = request.messageId().map(field -> "Your " + field.text()).orElse("");
      queue(context, notice + id, sender);
    }
    return ExitCode.OK;
  }

  private static Request read(MessageReader message, String address)
      throws IOException, ProgramExit {
    boolean due = false;
    Optional<MessageField> messageId = Optional.empty();
    for (var next = message.field(); next.isPresent(); next = message.field()) {
      MessageField field = next.get();
      if (field.is("Message-ID")) {
        messageId = next;
      } else if (field.is("Notice-Requested-Upon-Delivery-To")) {
        try {
          due |= AddressList.of(field.text()).contains(address);
        } catch (SyntaxException e) {
          throw ProgramExit.permanent("unable to parse this: " + field.unterminated());
        }
      }
    }
    return new Request(due, messageId);
  }

  private static void queue(ProgramContext context, String notice, String sender)
      throws ProgramExit {
    try (Draft draft = context.queue().open(Resubmission.origin(context))) {
      draft.body().write(notice.getBytes(StandardCharsets.ISO_8859_1));
      draft.commit(Resubmission.envelope("", List.of(sender)));
    } catch (QueueException e) {
      throw QueueStatus.of(e).permanent()
          ? ProgramExit.permanent("permanent qmail-queue error")
          : ProgramExit.temporary("temporary qmail-queue error");
    } catch (IOException e) {
      throw ProgramExit.temporary("temporary qmail-queue error");
    }
  }
}
