package org.sluice.programs.qlist.internal;

/** What qlist writes into a letter (spec 40 section 14.3). */
final class Notes {
  private static final String OPENING =
      """

      ***** Text inserted by %2$s
      *
      * Hi! This is the qlist program. I'm handling subscriptions for the
      * %1$s mailing list.
      *
      %4$s* My human owner is %3$s.
      *
      * To the recipient: This message was sent to me on your behalf. (Your
      * address was listed in the Reply-To or From field.) For security,
      * I'm forwarding this message to you, along with my notes.
      *
      * Anyway, to subscribe, send me an empty message. To unsubscribe, send me
      * a message with the word UNSUBSCRIBE at the beginning of a line. Remember,
      * my address is %2$s.
      *
      * Now I'll look for requests inside this message...
      *
      *****
      """;
  private static final String NOTE =
      """
      ***** Text inserted by %s
      *
      * %s
      *
      *****
      """;

  private Notes() {}

  /** What goes between header and body; its first line, empty, ends the header. */
  static String opening(Arguments arguments) {
    String more = arguments.moreInfo().map(text -> "* " + text + "\n*\n").orElse("");
    return OPENING.formatted(arguments.list(), arguments.request(), arguments.owner(), more);
  }

  /** A note that says this. */
  static String note(String request, String text) {
    return NOTE.formatted(request, text);
  }

  /** What has become of a command. */
  static String outcome(ListFile.Outcome outcome, String target) {
    return switch (outcome) {
      case ADDED -> "Acknowledgment: " + target + " is now a subscriber.";
      case PRESENT -> "Acknowledgment: " + target + " was already a subscriber.";
      case REMOVED -> "Acknowledgment: " + target + " is no longer a subscriber.";
      case ABSENT ->
          "Hmmm, I don't see " + target + " on the subscription list.\n* I'll let my owner know.";
      case TROUBLE -> "Oh no! Trouble making the new list. I'll let my owner know.";
    };
  }

  /** The body has no command. */
  static String noCommand(boolean inSubject) {
    return inSubject
        ? "Hmmm, no commands? Let me check the Subject line..."
        : "I didn't see any commands. I presume this is a subscription request.";
  }
}
