package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block marked {@code java} in the README and the guides compiles as the body of a method. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    /** A link to a file, or to a heading of a guide: {@code [text](file.md#heading)}. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(#[^)]*)?\\)");

    private static final Pattern IMPORT = Pattern.compile("^import .*;\\n", Pattern.MULTILINE);
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("^public (?=(?:final |abstract )*(?:class|record|interface|enum) )", Pattern.MULTILINE);

    private static final List<String> PROBLEMS = new ArrayList<>();

    /** One block, and where it is. */
    record Block(String file, int line, String code) {
        boolean isTest() {
            return code.startsWith("@Test");
        }

        String className() {
            return file.replaceAll("\\W", "_") + "_" + line;
        }

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    static List<Path> guides() throws IOException {
        try (var guides = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), guides.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    static List<Block> blocks() throws IOException {
        return guides().stream().flatMap(file -> blocksOf(file).stream()).toList();
    }

    private static List<Block> blocksOf(Path file) {
        try {
            var text = Files.readString(file);
            var blocks = new ArrayList<Block>();
            var match = BLOCK.matcher(text);
            while (match.find()) {
                int line = (int) text.substring(0, match.start(1)).lines().count() + 1;
                blocks.add(new Block(ROOT.relativize(file).toString(), line, match.group(1)));
            }
            return blocks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All blocks are compiled at once, because most of the time goes into reading the class path. */
    @BeforeAll
    static void compile(@TempDir Path classes) throws IOException {
        var units = blocks().stream().map(Unit::new).toList();
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var options =
                List.of("-d", classes.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostics, options, null, units)
                .call();
        diagnostics.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .forEach(problem -> PROBLEMS.add(describe(problem)));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void codeInTheGuidesCompiles(Block block) {
        assertThat(PROBLEMS).noneMatch(problem -> problem.startsWith(block + " "));
    }

    @Test
    void theCompilerHasNothingElseToComplainAbout() {
        assertThat(PROBLEMS).isEmpty();
    }

    @Test
    void testsInTheGuidesAreThoseThatRun() throws IOException {
        var tests = withoutSpace(Files.readString(Path.of("src/test/java/dev/rein/examples/TestYourAgentTest.java")));
        assertThat(blocks().stream().filter(Block::isTest))
                .isNotEmpty()
                .allMatch(block -> tests.contains(withoutSpace(block.code())));
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void codeInTheGuidesFitsAPage(Block block) {
        assertThat(block.code().lines()).allMatch(line -> line.length() <= 120 && !line.contains("\t"));
    }

    @ParameterizedTest
    @MethodSource("guides")
    void linksInTheGuidesLeadSomewhere(Path guide) throws IOException {
        for (var link : LINK.matcher(Files.readString(guide)).results().toList()) {
            var file = link.group(1).isEmpty()
                    ? guide
                    : guide.resolveSibling(link.group(1)).normalize();
            assertThat(file).exists();
            if (link.group(2) != null) {
                assertThat(headings(file)).as("headings of " + file).contains(link.group(2));
            }
        }
    }

    /** The anchors that GitHub gives to the headings of a guide. */
    private static List<String> headings(Path guide) throws IOException {
        return Files.readString(guide)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> "#"
                        + line.replaceFirst("^#+ ", "")
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^a-z0-9 _-]", "")
                                .replace(' ', '-'))
                .toList();
    }

    /** The block with what it may use without declaring it. Its own variables hide these. */
    private static String around(Block block, CharSequence imports, String body) {
        return """
            import com.fasterxml.jackson.databind.JsonNode;
            import com.fasterxml.jackson.databind.ObjectMapper;
            import dev.rein.agent.*;
            import dev.rein.guardrail.*;
            import dev.rein.anthropic.*;
            import dev.rein.cancel.*;
            import dev.rein.embedding.*;
            import dev.rein.http.*;
            import dev.rein.langchain4j.*;
            import dev.rein.model.*;
            import dev.rein.gemini.*;
            import dev.rein.ollama.*;
            import dev.rein.openai.*;
            import dev.rein.queue.*;
            import dev.rein.run.*;
            import dev.rein.run.event.*;
            import dev.rein.runtime.*;
            import dev.rein.session.*;
            import dev.rein.store.*;
            import dev.rein.team.*;
            import dev.rein.telemetry.*;
            import dev.rein.testkit.*;
            import dev.rein.tool.*;
            import dev.rein.tools.file.*;
            import dev.rein.tools.http.*;
            import dev.rein.tools.mcp.*;
            import dev.rein.tools.mcp.oauth.*;
            import dev.rein.tools.reasoning.*;
            import dev.rein.tools.shell.*;
            import dev.rein.tools.sql.*;
            import dev.rein.tools.web.*;
            import dev.rein.workflow.*;
            import java.io.IOException;
            import java.nio.file.Path;
            import java.sql.SQLException;
            import java.time.Duration;
            import java.time.Instant;
            import java.util.*;
            import java.util.concurrent.*;
            import static org.assertj.core.api.Assertions.assertThat;
            import org.junit.jupiter.api.Test;
            %s
            @SuppressWarnings("unused")
            abstract class %s {
                Agent agent;
                Agent storyteller;
                Agent researcher;
                Agent writer;
                Agent editor;
                Team team;
                Workflow workflow;
                String requirementId;
                Model model;
                RunHandle run;
                String runId;
                RunContext context;
                dev.rein.run.event.RunEvent lastSpoken;
                javax.sql.DataSource dataSource;
                String key;
                String token;

                static class WeatherTools { @Tool("Tells the weather") public String weather(String city) { return city; } }
                interface Upload { void delete(); String sendAll() throws IOException; }
                abstract Upload openUpload(String name) throws IOException;
                abstract Object runQuery(String sql);
                abstract void stopLater(Agent agent, String runId);
                abstract void audit(String runId, String text);
                abstract void release(String runId);
                abstract void download() throws IOException;

                void code() throws Exception {
            %s
                }
            }
            """.formatted(imports, block.className(), body);
    }

    private static String describe(Diagnostic<? extends JavaFileObject> problem) {
        if (!(problem.getSource() instanceof Unit unit)) {
            return problem.getMessage(null);
        }
        var line = unit.source
                .lines()
                .skip(Math.max(0, problem.getLineNumber() - 1))
                .findFirst()
                .orElse("");
        return unit.block + " " + line.strip() + " <- " + problem.getMessage(null);
    }

    /** A block with what it needs around it, as the compiler sees it. */
    private static final class Unit extends SimpleJavaFileObject {
        private final Block block;
        private final String source;

        Unit(Block block) {
            super(URI.create("string:///" + block.className() + ".java"), JavaFileObject.Kind.SOURCE);
            this.block = block;
            var imports = new StringBuilder();
            IMPORT.matcher(block.code()).results().forEach(found -> imports.append(found.group()));
            var body = PUBLIC_TYPE
                    .matcher(IMPORT.matcher(block.code()).replaceAll(""))
                    .replaceAll("");
            source = around(block, imports, block.isTest() ? "class Tests {" + body + "}" : body);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
