package dev.rein.tools.file;

import static dev.rein.tools.ToolRun.error;
import static dev.rein.tools.ToolRun.result;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileToolsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path root;
    private FileTools reading;
    private WritableFileTools tools;

    @BeforeEach
    void files() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(directory.resolve("secret.txt"), "the secret");
        Files.createDirectories(root.resolve("src/main"));
        Files.writeString(root.resolve("src/main/App.java"), "class App {\n    int answer = 42;\n}\n");
        Files.writeString(root.resolve("readme.md"), "# Readme\nanswer: 42\n");
        Files.createSymbolicLink(root.resolve("out"), directory);
        Files.createSymbolicLink(root.resolve("secret-link"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("inner-link"), root.resolve("readme.md"));
        reading = FileTools.of(root);
        tools = FileTools.builder(root).buildWritable();
    }

    private static String arguments(Map<String, Object> values) throws IOException {
        return JSON.writeValueAsString(values);
    }

    private String read(String path) throws Exception {
        return result(reading, "read_file", arguments(Map.of("path", path)));
    }

    private String write(String path, String text) throws Exception {
        return result(tools, "write_file", arguments(Map.of("path", path, "text", text)));
    }

    private List<String> temporaries() throws IOException {
        try (var all = Files.walk(root)) {
            return all.map(Path::toString).filter(each -> each.endsWith(".tmp")).toList();
        }
    }

    @Test
    void filesAreListedReadAndFound() throws Exception {
        assertThat(result(reading, "list_files", "{}"))
                .isEqualTo("inner-link (a link, which is not followed)\nout (a link, which is not followed)\n"
                        + "readme.md (20 bytes)\nsecret-link (a link, which is not followed)\nsrc/\n");
        assertThat(result(reading, "list_files", "{'path':'./src//','depth':3}"))
                .isEqualTo("main/\nmain/App.java (35 bytes)\n");
        assertThat(read("readme.md")).isEqualTo("# Readme\nanswer: 42\n");
        assertThat(result(reading, "read_file", "{'path':'readme.md','fromLine':2,'lines':1}"))
                .isEqualTo("answer: 42\n[lines 2 to 2; the end]");
        assertThat(result(reading, "find_files", "{'glob':'*.java'}")).isEqualTo("src/main/App.java\n");
        assertThat(result(reading, "search_files", "{'pattern':'answer.*42'}"))
                .isEqualTo("readme.md:2: answer: 42\nsrc/main/App.java:2:     int answer = 42;\n");
        assertThat(result(reading, "search_files", "{'pattern':'^class','glob':'**/*.java','path':'src'}"))
                .isEqualTo("main/App.java:1: class App {\n");
        assertThat(result(reading, "search_files", "{'pattern':'secret'}")).isEqualTo("[nothing was found]");
    }

    @Test
    void readingIsAllUnlessWritingIsChosen() {
        assertThat(ToolSpec.from(reading))
                .extracting(ToolSpec::name)
                .containsExactly("find_files", "list_files", "read_file", "search_files");
        assertThat(ToolSpec.from(tools))
                .extracting(ToolSpec::name)
                .contains("write_file", "edit_file")
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.txt",
                "src/../../secret.txt",
                "src/main/../../../secret.txt",
                "/etc/passwd",
                "~/x",
                "out/secret.txt",
                "secret-link",
                "inner-link",
                "out/root/readme.md",
                "./out/../secret.txt",
                "..",
                "src/..",
                "a\u0000b",
                "readme.md/x",
                "readme.md/../readme.md",
                "missing.txt",
                "src",
                "",
                "."
            })
    void noPathLeadsOutAndMistakesAreExplained(String path) throws Exception {
        for (var tool : List.of("read_file", "edit_file")) {
            var given = arguments(
                    tool.equals("read_file")
                            ? Map.of("path", path)
                            : Map.of("path", path, "oldText", "secret", "newText", "x"));
            assertThat(error(tools, tool, given))
                    .doesNotContain("the secret", directory.toString())
                    .isNotBlank();
        }
        if (!path.equals("missing.txt")) {
            assertThat(error(
                            tools, "write_file", arguments(Map.of("path", path, "text", "changed", "overwrite", true))))
                    .doesNotContain(directory.toString());
        }
        assertThat(directory.resolve("secret.txt")).hasContent("the secret");
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void aRootThatIsALinkIsTheDirectoryBehindIt() throws Exception {
        var link = Files.createSymbolicLink(directory.resolve("link"), root);
        assertThat(result(FileTools.of(link), "read_file", "{'path':'readme.md'}"))
                .contains("Readme");
        assertThatIllegalArgumentException().isThrownBy(() -> FileTools.of(directory.resolve("missing")));
        assertThatIllegalArgumentException().isThrownBy(() -> FileTools.of(root.resolve("readme.md")));
    }

    @Test
    void encodingsAreTold() throws Exception {
        Files.write(root.resolve("utf16"), "\uFEFFgr\u00fc\u00df\n".getBytes(UTF_16LE));
        Files.write(root.resolve("latin"), "gr\u00fc\u00df\n".getBytes(ISO_8859_1));
        Files.write(root.resolve("bom"), "\uFEFFa\n".getBytes(UTF_8));
        Files.write(root.resolve("binary"), new byte[] {1, 0, 2});
        Files.write(root.resolve("empty"), new byte[0]);
        assertThat(read("utf16")).isEqualTo("gr\u00fc\u00df\n\n[the end; UTF-16LE]");
        assertThat(read("latin")).startsWith("gr\u00fc\u00df").contains("not UTF-8", "ISO-8859-1");
        assertThat(read("bom")).startsWith("a\n").contains("byte order mark");
        assertThat(read("empty")).isEqualTo("[the file is empty]");
        assertThat(error(reading, "read_file", "{'path':'binary'}")).contains("binary file of 3 bytes");
        assertThat(result(reading, "search_files", "{'pattern':'\u00fc\u00df'}"))
                .contains("utf16:1:", "latin:1:", "1 files were not searched");
    }

    @Test
    void sizesAreBounded() throws Exception {
        var small = FileTools.builder(root).maxFileSize(1_000).maxResults(3).buildWritable();
        Files.writeString(root.resolve("large"), "x".repeat(1_001));
        assertThat(error(small, "read_file", "{'path':'large'}")).contains("has 1001 bytes: at most 1000");
        var text = arguments(Map.of("path", "new", "text", "x".repeat(1_001)));
        assertThat(error(small, "write_file", text)).contains("at most 1000");
        assertThat(root.resolve("new")).doesNotExist();
        assertThat(result(small, "list_files", "{'depth':3}")).contains("[there is more");
        assertThat(result(small, "search_files", "{'pattern':'x'}")).contains("1 files were not searched");
        Files.writeString(root.resolve("wide"), "y".repeat(2 << 20) + "\nend\n");
        assertThat(ToolRun.result(tools, "read_file", "{'path':'wide'}"))
                .contains("was cut")
                .hasSizeLessThan(1_100_000);
        assertThat(ToolRun.result(tools, "search_files", "{'pattern':'y'}"))
                .contains("...")
                .hasSizeLessThan(1_000);
    }

    @Test
    void aLongFileIsReadInParts() throws Exception {
        var lines = IntStream.rangeClosed(1, 5_000).mapToObj(i -> "line " + i).toList();
        Files.write(root.resolve("long"), lines);
        var text = new StringBuilder();
        for (int from = 1; from <= 5_000; from += 2_000) {
            var part = result(reading, "read_file", arguments(Map.of("path", "long", "fromLine", from)));
            text.append(part, 0, part.lastIndexOf("[lines"));
        }
        assertThat(text.toString())
                .isEqualTo(lines.stream().map(each -> each + "\n").collect(Collectors.joining()));
        assertThat(error(reading, "read_file", "{'path':'long','fromLine':5001}"))
                .contains("the file has 5000 lines");
        assertThat(error(reading, "read_file", "{'path':'long','fromLine':0}")).contains("give 1 to");
    }

    @Test
    void aFileIsCreatedWithItsDirectoriesAndReplacedOnlyOnRequest() throws Exception {
        assertThat(write("new/deep/a.txt", "one")).isEqualTo("created new/deep/a.txt (3 bytes)");
        assertThat(root.resolve("new/deep/a.txt")).hasContent("one");
        assertThat(error(tools, "write_file", "{'path':'new/deep/a.txt','text':'two'}"))
                .contains("exists");
        assertThat(result(tools, "write_file", "{'path':'new/deep/a.txt','text':'two','overwrite':true}"))
                .startsWith("replaced");
        assertThat(root.resolve("new/deep/a.txt")).hasContent("two");
        assertThat(error(tools, "write_file", "{'path':'src','text':'x','overwrite':true}"))
                .contains("a directory");
        assertThat(error(tools, "write_file", "{'path':'readme.md/a/b','text':'x'}"))
                .isNotBlank();
        assertThat(error(tools, "write_file", arguments(Map.of("path", "half", "text", "\ud83d"))))
                .contains("surrogate");
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void anEditKeepsEncodingLineEndsAndPermissions() throws Exception {
        var file = root.resolve("win.txt");
        Files.write(file, "\uFEFFone\r\ntwo\r\nthree \u00fc\r\n".getBytes(UTF_16LE));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(result(
                        tools,
                        "edit_file",
                        arguments(Map.of("path", "win.txt", "oldText", "one\ntwo", "newText", "1\n2"))))
                .isEqualTo("replaced 1 occurrence in win.txt");
        assertThat(Files.readAllBytes(file)).isEqualTo("\uFEFF1\r\n2\r\nthree \u00fc\r\n".getBytes(UTF_16LE));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-x---");

        Files.write(root.resolve("latin"), "gr\u00fcn".getBytes(ISO_8859_1));
        assertThat(error(tools, "edit_file", "{'path':'latin','oldText':'gr','newText':'\u20ac'}"))
                .contains("ISO-8859-1");
        result(tools, "edit_file", "{'path':'latin','oldText':'gr','newText':'k\u00fc'}");
        assertThat(Files.readAllBytes(root.resolve("latin"))).isEqualTo("k\u00fc\u00fcn".getBytes(ISO_8859_1));
    }

    @Test
    void anEditThatWouldNotFitIntoTheMemoryIsRefused() throws Exception {
        Files.writeString(root.resolve("many"), "a".repeat(10_000_000));
        assertThat(error(
                        tools,
                        "edit_file",
                        arguments(Map.of("path", "many", "oldText", "a", "newText", "b".repeat(1_000), "all", true))))
                .contains("would have 10000000000 characters");
        assertThat(root.resolve("many")).hasSize(10_000_000);
    }

    @Test
    void anEditMustBeClear() throws Exception {
        Files.writeString(root.resolve("twice"), "a b a");
        assertThat(error(tools, "edit_file", "{'path':'twice','oldText':'a','newText':'c'}"))
                .contains("occurs 2 times");
        assertThat(error(tools, "edit_file", "{'path':'twice','oldText':'x','newText':'c'}"))
                .contains("does not occur");
        assertThat(error(tools, "edit_file", "{'path':'twice','oldText':'','newText':'c'}"))
                .contains("is empty");
        assertThat(result(tools, "edit_file", "{'path':'twice','oldText':'a','newText':'c','all':true}"))
                .contains("2 occurrences");
        assertThat(root.resolve("twice")).hasContent("c b c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "a{2,1}", "*"})
    void aPatternThatIsNoneIsExplained(String pattern) throws Exception {
        assertThat(error(reading, "search_files", arguments(Map.of("pattern", pattern))))
                .contains("not a regular expression");
    }

    @Test
    void globsAreThoseOfShells() throws Exception {
        for (var name : List.of("a.txt", "ab.txt", "b.md", "x{y", "[z]", "\ud83d\ude80.txt", ".hidden")) {
            Files.writeString(root.resolve(name), "");
        }
        var cases = Map.of(
                "?.txt", "a.txt\n\ud83d\ude80.txt\n",
                "{a,b}*.{md,txt}", "a.txt\nab.txt\nb.md\n",
                "[!a].md", "b.md\n",
                "src/**/*.java", "src/main/App.java\n",
                "src/*.java", "[nothing was found]",
                "\ud83d\ude80*", "\ud83d\ude80.txt\n",
                ".h*", ".hidden\n");
        for (var each : cases.entrySet()) {
            assertThat(result(reading, "find_files", arguments(Map.of("glob", each.getKey()))))
                    .as(each.getKey())
                    .isEqualTo(each.getValue());
        }
        assertThat(error(reading, "find_files", "{'glob':'{a'}")).contains("without a \"}\"");
    }

    @Test
    void aSearchThatTakesTooLongReturnsWhatItHasFound() throws Exception {
        Files.writeString(root.resolve("a.txt"), "needle aaaa\n");
        Files.writeString(root.resolve("b.txt"), "a".repeat(60) + "!\n");
        var patient = FileTools.builder(root).searchTime(Duration.ofSeconds(2)).build();
        assertThat(result(patient, "search_files", "{'pattern':'needle|(a+)+\\\\1!!','glob':'?.txt'}"))
                .contains("a.txt:1: needle", "the time is over");
        var impatient =
                FileTools.builder(root).searchTime(Duration.ofMillis(200)).build();
        Files.writeString(root.resolve("a".repeat(200)), "");
        assertThat(result(impatient, "find_files", "{'glob':'*a*a*a*a*a*a*a*a*a*b'}"))
                .contains("the time is over");
        Files.writeString(root.resolve("deep"), "ab".repeat(100_000));
        assertThat(ToolRun.startWith("search_files", "{'pattern':'(a|b)*c','glob':'deep'}", reading)
                        .finish()
                        .result())
                .satisfiesAnyOf(
                        text -> assertThat(text).contains("too complex"),
                        text -> assertThat(text).contains("nothing was found"));
    }
}
