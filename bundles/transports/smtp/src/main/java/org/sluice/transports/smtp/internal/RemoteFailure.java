package org.sluice.transports.smtp.internal;

/** Ends a run with a message report that needs no text from the server (spec 30 section 2.7). */
final class RemoteFailure extends Exception {
  private static final String SELF =
      "DSorry. Although I'm listed as a best-preference MX or A for that host,\n"
          + "it isn't in my control/locals file, so I don't treat it as local. (#5.4.6)\n";

  private final String report;

  private RemoteFailure(String report, Throwable cause) {
    super(report, cause);
    this.report = report;
  }

  private static RemoteFailure of(String report) {
    return new RemoteFailure(report, null);
  }

  /** The letter and the text, without the final NUL. */
  String report() {
    return report;
  }

  /** Whether trying again may help. */
  boolean temporary() {
    return report.startsWith("Z");
  }

  static RemoteFailure usage() {
    return of("DI (qmail-remote) was invoked improperly. (#5.3.5)\n");
  }

  static RemoteFailure home() {
    return of("ZUnable to switch to home directory. (#4.3.0)\n");
  }

  static RemoteFailure control(Throwable cause) {
    return new RemoteFailure("ZUnable to read control files. (#4.3.0)\n", cause);
  }

  static RemoteFailure system(Throwable cause) {
    return new RemoteFailure("ZSystem resources temporarily unavailable. (#4.3.0)\n", cause);
  }

  static RemoteFailure dnsSoft(Throwable cause) {
    return new RemoteFailure("ZSorry, I couldn't find any host by that name. (#4.1.2)\n", cause);
  }

  /** Neither MX nor address; the name is shown with its odd bytes as question marks. */
  static RemoteFailure dnsHard(String host) {
    var shown = new StringBuilder(host.length());
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      shown.append(c < 33 || c > 126 ? '?' : c);
    }
    return of("DSorry, I couldn't find any host named " + shown + ". (#5.1.2)\n");
  }

  static RemoteFailure noAddress() {
    return of("DSorry, I couldn't find a mail exchanger or IP address. (#5.4.4)\n");
  }

  static RemoteFailure self() {
    return of(SELF);
  }

  static RemoteFailure noConnection() {
    return of("ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n");
  }

  static RemoteFailure message(Throwable cause) {
    return new RemoteFailure("ZUnable to read message. (#4.3.0)\n", cause);
  }

  static RemoteFailure partialLine() {
    return of("DSMTP cannot transfer messages with partial final lines. (#5.6.2)\n");
  }

  /** The MX record may be anybody's (RFC 8689 section 4.2.1). */
  static RemoteFailure nameNotProven(String name) {
    return of(
        "DREQUIRETLS was asked, but nothing proves that "
            + name
            + " is the mail exchanger of that domain. (#5.7.10)\n");
  }

  /** The server, or the way to it, is not as secure as the sender has asked. */
  static RemoteFailure notSecure(String ip, String but, String status) {
    return of(
        "DConnected to " + ip + " but " + but + ", and REQUIRETLS was asked. (#" + status + ")\n");
  }

  /** Nothing that lasts. */
  static RemoteFailure notNow(String ip, String but, ServerReply reply) {
    String said = reply.text().isEmpty() ? "" : "Remote host said: " + reply.text();
    return of("ZConnected to " + ip + " but " + but + ".\n" + said);
  }

  static RemoteFailure authorities(Throwable cause) {
    return new RemoteFailure("ZUnable to read the authorities for TLS. (#4.3.0)\n", cause);
  }

  /** The connection was lost; after the final dot the message may have arrived all the same. */
  static RemoteFailure died(String ip, boolean afterDot, Throwable cause) {
    String duplicate = afterDot ? " Possible duplicate!" : "";
    return new RemoteFailure(
        "ZConnected to " + ip + " but connection died." + duplicate + " (#4.4.2)\n", cause);
  }
}
