package org.sluice.base;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Whose code it is that failed, for the log. */
public final class Origin {
  private Origin() {}

  /** The class of a service, and the bundle that it comes from if there is a framework. */
  public static String of(Object service) {
    String type = service.getClass().getName();
    try {
      Bundle bundle = FrameworkUtil.getBundle(service.getClass());
      return bundle == null
          ? type
          : type + " of " + bundle.getSymbolicName() + " " + bundle.getVersion();
    } catch (LinkageError e) { // in a process without a framework
      return type;
    }
  }
}
