package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block marked {@code java} in the README and the guides compiles as the body of a method. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern IMPORT = Pattern.compile("^import .*;\\n", Pattern.MULTILINE);
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("^public (?=(?:final |abstract )*(?:class|record|interface|enum) )", Pattern.MULTILINE);

    /** What a block may use without declaring it. A block's own variables hide these. */
    private static final String AROUND = """
            import com.fasterxml.jackson.databind.ObjectMapper;
            import dev.rein.agent.*;
            import dev.rein.cancel.*;
            import dev.rein.model.*;
            import dev.rein.openai.*;
            import dev.rein.run.*;
            import dev.rein.run.event.*;
            import dev.rein.session.*;
            import dev.rein.testkit.*;
            import dev.rein.tool.*;
            import java.io.IOException;
            import java.sql.SQLException;
            import java.time.Duration;
            import java.util.*;
            import static org.assertj.core.api.Assertions.assertThat;
            import org.junit.jupiter.api.Test;
            %s
            @SuppressWarnings("unused")
            abstract class %s {
                Agent agent;
                Agent storyteller;
                Model model;
                RunHandle run;
                String runId;
                RunContext context;
                javax.sql.DataSource dataSource;

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
            """;

    /** One block, and where it is. */
    record Block(String file, int line, String code) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    static List<Block> blocks() throws IOException {
        try (var guides = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), guides.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .flatMap(file -> blocksOf(file).stream())
                    .toList();
        }
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

    @ParameterizedTest
    @MethodSource("blocks")
    void codeInTheGuidesCompiles(Block block, @TempDir Path classes) {
        var name = "Block" + block.line();
        var imports = new StringBuilder();
        IMPORT.matcher(block.code()).results().forEach(found -> imports.append(found.group()));
        var body =
                PUBLIC_TYPE.matcher(IMPORT.matcher(block.code()).replaceAll("")).replaceAll("");

        assertThat(compile(name, AROUND.formatted(imports, name, body), classes))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void codeInTheGuidesFitsAPage(Block block) {
        assertThat(block.code().lines()).allMatch(line -> line.length() <= 120 && !line.contains("\t"));
    }

    private static List<String> compile(String name, String source, Path classes) {
        var problems = new DiagnosticCollector<JavaFileObject>();
        var unit = new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var options =
                List.of("-d", classes.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, options, null, List.of(unit))
                .call();
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem ->
                        source.lines()
                                        .skip(Math.max(0, problem.getLineNumber() - 1))
                                        .findFirst()
                                        .orElse("")
                                        .strip() + " <- " + problem.getMessage(null))
                .toList();
    }
}
