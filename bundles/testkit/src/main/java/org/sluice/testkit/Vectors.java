package org.sluice.testkit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The recorded runs in {@code spec/vectors}; every string stands for bytes. */
public final class Vectors {
  private Vectors() {}

  /** All runs of one file, {@code send} or {@code listeners} for example. */
  public static List<Map<String, Object>> of(String file) {
    try (var in = Vectors.class.getResourceAsStream("/vectors/" + file + ".json")) {
      return new ObjectMapper()
          .configure(DeserializationFeature.USE_LONG_FOR_INTS, true)
          .readValue(in, new TypeReference<List<Map<String, Object>>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runs of one program. */
  public static List<Map<String, Object>> of(String file, String program) {
    return of(file).stream().filter(v -> program.equals(v.get("program"))).toList();
  }

  /** The runs of one program as arguments of a parameterized test, each shown by its name. */
  public static List<org.junit.jupiter.api.Named<Map<String, Object>>> named(
      String file, String program) {
    return of(file, program).stream()
        .map(v -> org.junit.jupiter.api.Named.of(v.get("name").toString(), v))
        .toList();
  }

  /** A member that is an object of strings; empty if it is absent. */
  @SuppressWarnings("unchecked") // the shape that the format prescribes
  public static Map<String, Object> object(Map<String, Object> vector, String key) {
    return (Map<String, Object>) vector.getOrDefault(key, Map.of());
  }

  /** A member that is a string; empty if it is absent. */
  public static String text(Map<String, Object> vector, String key) {
    return vector.getOrDefault(key, "").toString();
  }

  /** A string's bytes. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Makes the files of a vector's {@code control} or {@code files} below a directory. */
  public static void files(Map<String, Object> files, Path root) throws IOException {
    for (var entry : files.entrySet()) {
      Path path = root.resolve(entry.getKey());
      Files.createDirectories(path.getParent());
      if (entry.getValue() instanceof Map<?, ?> described) {
        if ("dir".equals(described.get("type"))) {
          Files.createDirectories(path);
        } else if (described.containsKey("hex")) {
          Files.write(path, HexFormat.of().parseHex(described.get("hex").toString()));
        } else {
          Files.write(path, bytes(described.get("content").toString()));
        }
      } else {
        Files.write(path, bytes(entry.getValue().toString()));
      }
    }
  }
}
