package dev.rein.tools.internal.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The environment variables of a child process: the few of this JVM's that a shell needs, and those that the developer has named. The
 * JVM's other variables may contain keys and passwords. Not thread-safe.
 */
public final class ChildEnvironment {
    private static final Pattern SECRET =
            Pattern.compile("KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTH", Pattern.CASE_INSENSITIVE);
    private static final List<String> OF_UNIX = List.of(
            "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "JAVA_HOME");
    private static final List<String> OF_WINDOWS = List.of(
            "Path",
            "APPDATA",
            "COMSPEC",
            "HOMEDRIVE",
            "HOMEPATH",
            "LOCALAPPDATA",
            "PATHEXT",
            "PROCESSOR_ARCHITECTURE",
            "PROGRAMDATA",
            "PROGRAMFILES",
            "SYSTEMDRIVE",
            "SYSTEMROOT",
            "TEMP",
            "TMP",
            "USERNAME",
            "USERPROFILE",
            "JAVA_HOME");

    private final List<String> inherited =
            new ArrayList<>(System.getProperty("os.name", "").startsWith("Windows") ? OF_WINDOWS : OF_UNIX);
    private Map<String, String> own = Map.of();

    /** Variables with these values, which replace inherited ones. */
    public void set(Map<String, String> values) {
        own = Map.copyOf(values);
    }

    /** @throws IllegalArgumentException if a name is not that of a variable */
    public void inherit(String... names) {
        for (var name : names) {
            if (name.isBlank() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException(
                        "the variable to inherit is \"" + name + "\": use a name such as HTTPS_PROXY");
            }
        }
        inherited.addAll(List.of(names));
    }

    public Map<String, String> values() {
        var values = new HashMap<String, String>();
        for (var name : inherited) {
            var value = System.getenv(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        values.putAll(own);
        return values;
    }

    public ChildEnvironment copy() {
        var copy = new ChildEnvironment();
        copy.inherited.clear();
        copy.inherited.addAll(inherited);
        copy.own = own;
        return copy;
    }

    /** The values that must not appear in messages: those that the developer has set, and all of this JVM's that look like keys. */
    public Set<String> secrets() {
        var secrets = new HashSet<>(own.values());
        System.getenv().forEach((name, value) -> {
            if (SECRET.matcher(name).find()) {
                secrets.add(value);
            }
        });
        return secrets;
    }
}
