package org.sluice.programs.qlist.internal;

import java.util.List;
import java.util.Optional;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/**
 * Command line and environment (spec 40 section 14.1).
 *
 * @param list the list's address
 * @param request the address that letters with commands go to
 * @param listFile the dot-qmail file of the list
 * @param requestFile the dot-qmail file of the request address, which serves as the lock
 * @param temporaryFile where the new list is made
 * @param newSender NEWSENDER
 * @param deliveredTo DTLINE
 */
record Arguments(
    String list,
    String request,
    String listFile,
    String requestFile,
    String temporaryFile,
    String owner,
    Optional<String> moreInfo,
    String newSender,
    String deliveredTo) {
  private static final int LEAST = 6;

  static Arguments of(ProgramContext context) throws ProgramExit {
    List<String> words = context.arguments();
    String newSender = context.environment().get("NEWSENDER");
    String deliveredTo = context.environment().get("DTLINE");
    if (words.size() < LEAST || newSender == null || deliveredTo == null) {
      throw ProgramExit.usage(
          "qlist user-list@host user-list-request@host .qmail-list .qmail-list-request"
              + " .qtemp-list owner [moreinfo]");
    }
    return new Arguments(
        words.get(0),
        words.get(1),
        words.get(2),
        words.get(3),
        words.get(4),
        words.get(5),
        words.stream().skip(LEAST).findFirst(),
        newSender,
        deliveredTo);
  }
}
