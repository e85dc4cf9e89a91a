package org.sluice.tools.control.internal;

import java.util.List;

/**
 * A control file that qmail-showctl describes (spec 40 section 19.2).
 *
 * @param before what stands before a value
 * @param after what stands behind it
 * @param absent for a line or number its default value, for a list a sentence
 */
record Entry(String name, Kind kind, String before, String after, String absent) {
  /** How a file is read and shown. */
  enum Kind {
    LINE,
    /** The default is {@code me}, if that is set. */
    LINE_OR_ME,
    NUMBER,
    LIST,
    /** A list whose meaning depends on rcpthosts. */
    MORE_HOSTS,
    /** The compiled form of that list: only its age is shown. */
    MORE_HOSTS_CDB
  }

  private static final String HOSTS = "SMTP clients may send messages to recipients at ";

  /** All of them, in order. */
  static final List<Entry> ALL =
      List.of(
          list("badmailfrom", "", " not accepted in MAIL FROM.", "Any MAIL FROM is allowed."),
          line("bouncefrom", "Bounce user name is ", "MAILER-DAEMON"),
          lineOrMe("bouncehost", "Bounce host name is "),
          number("concurrencylocal", "Local concurrency is ", "", "10"),
          number("concurrencyremote", "Remote concurrency is ", "", "20"),
          number("databytes", "SMTP DATA limit is ", " bytes", "0"),
          lineOrMe("defaultdomain", "Default domain name is "),
          lineOrMe("defaulthost", "Default host name is "),
          lineOrMe("doublebouncehost", "2B recipient host: "),
          line("doublebounceto", "2B recipient user: ", "postmaster"),
          lineOrMe("envnoathost", "Presumed domain name is "),
          lineOrMe("helohost", "SMTP client HELO host name is "),
          lineOrMe("idhost", "Message-ID host name is "),
          lineOrMe("localiphost", "Local IP address becomes "),
          list(
              "locals",
              "Messages for ",
              " are delivered locally.",
              "Messages for me are delivered locally."),
          line("me", "My name is ", "undefined! Uh-oh"),
          list(
              "percenthack",
              "The percent hack is allowed for user%host@",
              ".",
              "The percent hack is not allowed."),
          lineOrMe("plusdomain", "Plus domain name is "),
          list("qmqpservers", "QMQP server: ", ".", "No QMQP servers."),
          number("queuelifetime", "Message lifetime in the queue is ", " seconds", "604800"),
          list("rcpthosts", HOSTS, ".", "SMTP clients may send messages to any recipient."),
          new Entry("morercpthosts", Kind.MORE_HOSTS, HOSTS, ".", "No effect."),
          new Entry("morercpthosts.cdb", Kind.MORE_HOSTS_CDB, "", "", "No effect."),
          lineOrMe("smtpgreeting", "SMTP greeting: 220 "),
          list("smtproutes", "SMTP route: ", "", "No artificial SMTP routes."),
          number("timeoutconnect", "SMTP client connection timeout is ", " seconds", "60"),
          number("timeoutremote", "SMTP client data timeout is ", " seconds", "1200"),
          number("timeoutsmtpd", "SMTP server data timeout is ", " seconds", "1200"),
          list("virtualdomains", "Virtual domain: ", "", "No virtual domains."));

  private static Entry line(String name, String before, String absent) {
    return new Entry(name, Kind.LINE, before, "", absent);
  }

  private static Entry lineOrMe(String name, String before) {
    return new Entry(name, Kind.LINE_OR_ME, before, "", name);
  }

  private static Entry number(String name, String before, String after, String absent) {
    return new Entry(name, Kind.NUMBER, before, after, absent);
  }

  private static Entry list(String name, String before, String after, String absent) {
    return new Entry(name, Kind.LIST, before, after, absent);
  }

  /** What morercpthosts means if there is no rcpthosts. */
  Entry withoutRcptHosts() {
    return list(
        name,
        "No rcpthosts; doesn't matter that morercpthosts has ",
        ".",
        "No rcpthosts; morercpthosts is irrelevant.");
  }
}
