package dev.rein.tools.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import dev.rein.tools.internal.process.LinuxProcesses;
import dev.rein.tools.mcp.McpTestServer;
import dev.rein.tools.mcp.McpTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Children of a JVM whose environment has secrets; each test starts one, because the variables of this one can't be set. */
@EnabledOnOs(OS.LINUX)
class ChildSecretsTest {
    private static final String SECRET = "sk-of-the-environment";
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** The program of the JVM with secrets. */
    static final class Parent {
        private Parent() {}

        public static void main(String... arguments) throws Exception {
            switch (arguments[0]) {
                case "shell" -> shell(arguments[1]);
                case "mcp" -> mcp(arguments[1], McpTools.Builder::connect);
                case "mcp-inherit" ->
                    mcp(
                            arguments[1],
                            builder -> builder.inheritEnvironment("OS_SECURITY_KEY", "NOT_SET")
                                    .connect());
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            System.out.println("own: " + System.getenv("OPENAI_API_KEY"));
            // Native code reads the environment where it is now.
            try (var child = new ProcessBuilder("sh", "-c", "echo inherited: $OPENAI_API_KEY")
                    .redirectErrorStream(true)
                    .start()
                    .inputReader()) {
                child.lines().forEach(System.out::println);
            }
        }

        private static void shell(String command) throws Exception {
            System.out.println(ToolRun.result(
                    new ShellTools(), "run_command", "{'command':'" + command.replace("\"", "\\\"") + "'}"));
        }

        private interface Connect {
            McpTools to(McpTools.Builder builder) throws IOException;
        }

        private static void mcp(String messages, Connect connect) throws Exception {
            var builder = McpTools.stdio(
                    JAVA.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    McpTestServer.class.getName(),
                    messages);
            try (var server = connect.to(builder)) {
                System.out.println(ToolRun.resultWith(
                        "environment", "{}", (Object[]) server.tools().toArray(ToolSpec[]::new)));
            }
        }
    }

    private List<String> run(List<String> launcher, String... arguments) throws Exception {
        var command = new ArrayList<>(launcher);
        command.addAll(List.of(
                JAVA.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OPENAI_API_KEY", SECRET);
        builder.environment().put("OS_SECURITY_KEY", SECRET);
        builder.environment().put("REIN_DB_PASSWORD", SECRET);
        var process = builder.start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Searches the environments of all ancestors up to the JVM of the test. */
    private static final String READ_ENVIRONMENTS =
            "p=$$; while [ $p != %d ]; do grep -ao sk-of-the-environment /proc/$p/environ | sed s/^/found:/;"
                    + " p=$(cut -d\" \" -f4 /proc/$p/stat); done; echo searched";

    private static String readEnvironments() {
        return READ_ENVIRONMENTS.formatted(ProcessHandle.current().pid());
    }

    @Test
    void aCommandDoesNotFindTheVariablesOfTheJvmInProc() throws Exception {
        var output = run(List.of(), "shell", readEnvironments());

        assertThat(output).contains("searched", "own: " + SECRET, "inherited: " + SECRET);
        assertThat(output).noneMatch(line -> line.startsWith("found:"));
    }

    @Test
    void aCommandOfAnOrdinaryUserDoesNotReadTheMemoryOfTheJvm() throws Exception {
        var command = "p=$PPID; while [ $p -gt 1 ]; do n=$(cut -d\" \" -f2 /proc/$p/stat);"
                + " [ \"$n\" = \"(java)\" ] && break; p=$(cut -d\" \" -f4 /proc/$p/stat); done;"
                + " head -c 0 /proc/$p/mem || echo no memory of $n";

        assertThat(run(asOrdinaryUser(), "shell", command)).contains("no memory of (java)", "own: " + SECRET);
        assertThat(run(asOrdinaryUser(), "shell", readEnvironments()))
                .contains("searched")
                .noneMatch(line -> line.startsWith("found:"));
    }

    /** Root may read all memory; without this capability, as in containers, it may do no more than others. */
    private static List<String> asOrdinaryUser() {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        var setpriv = LinuxProcesses.find("setpriv", System.getenv("PATH"), Path.of(""));
        assumeTrue(setpriv != null, "root needs setpriv to give up capabilities");
        return List.of(String.valueOf(setpriv), "--bounding-set=-sys_ptrace");
    }

    @Test
    void anMcpServerGetsWhatAShellNeeds() throws Exception {
        var output = run(List.of(), "mcp", directory.resolve("messages").toString());

        assertThat(output).contains("PATH", "HOME", "own: " + SECRET);
        assertThat(output).doesNotContain("OPENAI_API_KEY", "OS_SECURITY_KEY", "REIN_DB_PASSWORD");
    }

    @Test
    void anMcpServerGetsTheVariablesThatAreNamed() throws Exception {
        var output = run(List.of(), "mcp-inherit", directory.resolve("messages").toString());

        assertThat(output).contains("PATH", "OS_SECURITY_KEY");
        assertThat(output).doesNotContain("OPENAI_API_KEY", "REIN_DB_PASSWORD", "NOT_SET");
    }

    @Test
    void aNameThatIsNoVariableIsRejected() {
        assertThat(Arrays.asList("", "A=b"))
                .allSatisfy(name -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> ShellTools.builder().inheritEnvironment(name))
                        .withMessageContaining("\"" + name + "\""));
    }
}
