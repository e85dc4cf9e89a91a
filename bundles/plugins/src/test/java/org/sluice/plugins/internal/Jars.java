package org.sluice.plugins.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** Makes bundles of nothing but a manifest and a text. */
final class Jars {
  private Jars() {}

  /** A bundle; the label is a header by which one content is told from another. */
  static byte[] bundle(String name, String version, String label, String... headers)
      throws IOException {
    return bundle(name, version, label, List.of(), headers);
  }

  /** A bundle whose activator is {@link Endless}. */
  static byte[] endless(String name, String version, String how) throws IOException {
    return bundle(
        name,
        version,
        how,
        List.of(Endless.class),
        "Bundle-Activator",
        Endless.class.getName(),
        "Import-Package",
        "org.osgi.framework");
  }

  private static byte[] bundle(
      String name, String version, String label, List<Class<?>> classes, String... headers)
      throws IOException {
    var manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    main.putValue("Label", label);
    for (int i = 0; i < headers.length; i += 2) {
      main.putValue(headers[i], headers[i + 1]);
    }
    return jar(manifest, classes);
  }

  /** A jar that is no bundle. */
  static byte[] plain() throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    return jar(manifest, List.of());
  }

  private static byte[] jar(Manifest manifest, List<Class<?>> classes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new JarOutputStream(bytes)) {
      var first = new JarEntry(JarFile.MANIFEST_NAME);
      first.setTime(0); // the same content makes the same jar at any time
      out.putNextEntry(first);
      manifest.write(out);
      out.closeEntry();
      byte[] text = "the text\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
      var crc = new CRC32();
      crc.update(text);
      var entry = new JarEntry("text");
      entry.setTime(0);
      entry.setMethod(ZipEntry.STORED); // so that damage is not seen in the packing
      entry.setSize(text.length);
      entry.setCrc(crc.getValue());
      out.putNextEntry(entry);
      out.write(text);
      out.closeEntry();
      for (Class<?> type : classes) {
        String file = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(file));
        try (var in = type.getClassLoader().getResourceAsStream(file)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
