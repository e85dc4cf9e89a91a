package org.sluice.delivery.local.internal;

import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.program.ExitCode;
import org.sluice.base.Child;

/** qmail-lspawn's report from how qmail-local, or what precedes it, ended (spec 40 section 2.4). */
final class SpawnReport {
  /** What was found of the account is no use to qmail-local. */
  static final int USAGE = 112;

  /** The account has uid 0. */
  static final int ROOT = 113;

  /** qmail-local cannot be run now. */
  static final int EXEC = 120;

  /** qmail-local cannot be run. */
  static final int EXEC_HARD = 126;

  private SpawnReport() {}

  /** The report of a status; the output is the report's text with most of them. */
  static DeliveryResult of(Exit exit, String output) {
    if (Child.crashed(exit.status())) {
      return new TempFail("qmail-local crashed.\n");
    }
    return switch (exit.status()) {
      case ExitCode.OK -> new DeliveryResult.Delivered(output);
      case ExitCode.TEMPORARY, 71, 74, 75 -> new TempFail(output, exit.retryAfter());
      case USAGE -> new TempFail("Internal qmail-lspawn bug.\n");
      case ROOT -> new TempFail("Not allowed to perform deliveries as root.\n");
      case UserLookupException.HOME -> new TempFail("NFS failure in qmail-local.\n");
      case UserLookupException.NO_ALIAS -> new TempFail("Unable to find alias user!\n");
      case UserLookupException.ASSIGNMENTS ->
          new TempFail("Trouble reading users/cdb in qmail-lspawn.\n");
      case UserLookupException.SYSTEM -> new TempFail("Temporary failure in qmail-lspawn.\n");
      case 119 -> new TempFail("Out of memory in qmail-lspawn.\n");
      case EXEC -> new TempFail("Unable to run qmail-local.\n");
      case 121 -> new TempFail("Unable to run qmail-getpw.\n");
      case EXEC_HARD -> new DeliveryResult.PermFail("Unable to run qmail-local.\n");
      default -> new DeliveryResult.PermFail(output);
    };
  }

  /** The report of a status before anything was printed. */
  static DeliveryResult of(int status) {
    return of(new Exit(status), "");
  }
}
