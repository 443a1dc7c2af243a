package dev.rein.internal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolSpec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// The toolkits are called by reflection.
@SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"})
class AnnotatedToolsTest {
    static final RunContext CONTEXT = (RunContext) Proxy.newProxyInstance(
            AnnotatedToolsTest.class.getClassLoader(), new Class<?>[] {RunContext.class}, (self, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    static ToolSpec only(Object toolkit) {
        var tools = AnnotatedTools.of(toolkit);
        assertThat(tools).hasSize(1);
        return tools.getFirst();
    }

    static @Nullable Object call(ToolSpec tool, String arguments) throws Exception {
        return tool.function().call(Arguments.parse(arguments), CONTEXT);
    }

    interface Greets {
        @Tool("greets")
        default String greet(String name) {
            return "Hello " + name;
        }
    }

    abstract static class Finds<T> {
        @Tool(value = "finds", name = "find_it", timeoutSeconds = 7)
        public abstract String find(T what);

        @Tool("a static one")
        public static int answer() {
            return 42;
        }
    }

    private static final class Both extends Finds<List<Integer>> implements Greets {
        @Override
        public String find(List<Integer> what) {
            return what + " of " + what.getFirst().getClass().getSimpleName();
        }

        @Override
        public String greet(String name) {
            return "Hi " + name;
        }

        public String noTool() {
            return "";
        }
    }

    @Test
    void toolsOfAPrivateClassItsSuperclassAndItsInterfacesAreFoundInTheOrderOfTheirNames() throws Exception {
        var tools = AnnotatedTools.of(new Both());

        assertThat(tools).extracting(ToolSpec::name).containsExactly("answer", "find_it", "greet");
        assertThat(call(tools.get(0), "{}")).isEqualTo(42);
        assertThat(call(tools.get(1), "{\"what\":[1,2]}")).isEqualTo("[1, 2] of Integer");
        assertThat(call(tools.get(2), "{\"name\":\"Ann\"}")).isEqualTo("Hi Ann");
        assertThat(tools.get(1).timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(tools.get(2).timeout()).isNull();
        assertThat(tools.get(1).definition().description()).isEqualTo("finds");
        assertThat(tools.get(1).definition().parameters())
                .hasToString(
                        "{\"type\":\"object\",\"properties\":{\"what\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},"
                                + "\"required\":[\"what\"],\"additionalProperties\":false}");
    }

    @Test
    void aLocalClassWorksAndObjectsOfOneClassShareItsDefinitions() throws Exception {
        record Counter(int start) {
            @Tool("adds")
            public int add(int n) {
                return start + n;
            }
        }
        var one = only(new Counter(1));
        var two = only(new Counter(2));

        assertThat(call(one, "{\"n\":1}")).isEqualTo(2);
        assertThat(call(two, "{\"n\":1}")).isEqualTo(3);
        assertThat(two.definition()).isSameAs(one.definition());
    }

    @Test
    void theRunContextIsFilledInAndHidden() throws Exception {
        class Asks {
            @Tool("asks")
            public RunContext ask(String first, RunContext context, String last) {
                return context;
            }
        }
        var tool = only(new Asks());

        assertThat(tool.definition().parameters().get("properties").fieldNames())
                .toIterable()
                .containsExactly("first", "last");
        assertThat(call(tool, "{\"first\":\"a\",\"last\":\"b\"}")).isSameAs(CONTEXT);
    }

    @Test
    void exceptionsOfTheMethodAreRethrownUnchanged() {
        class Throws {
            @Tool("throws")
            public String fail(boolean error) throws IOException {
                if (error) {
                    throw new AssertionError("an error");
                }
                throw new IOException("disk full");
            }
        }
        var tool = only(new Throws());

        assertThatThrownBy(() -> call(tool, "{\"error\":false}"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("disk full");
        assertThatThrownBy(() -> call(tool, "{\"error\":true}"))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("an error");
    }

    @Test
    void anObjectWithoutToolsIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(new Object()))
                .withMessageContaining("java.lang.Object")
                .withMessageContaining("@Tool");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(Both.class))
                .withMessageContaining("Both")
                .withMessageContaining("an object of it");
    }

    @Test
    void aCollectionContributesTheToolsOfItsElements() {
        var tools = AnnotatedTools.of(new Both());

        assertThat(AnnotatedTools.of(tools)).isEqualTo(tools);
        assertThat(AnnotatedTools.of(List.of(tools.getFirst(), new Both()))).hasSize(1 + tools.size());
        assertThat(AnnotatedTools.of(List.of())).isEmpty();
    }

    @Test
    void twoToolsOfOneNameAreRejected() {
        class Twins {
            @Tool("one")
            public String look(String a) {
                return a;
            }

            @Tool("two")
            public String look(int a) {
                return "" + a;
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(new Twins()))
                .withMessageContaining("\"look\"")
                .withMessageContaining("Twins")
                .withMessageContaining("@Tool(name = ...)");
    }

    @Test
    void aToolThatIsNotPublicIsRejected() {
        class Hidden {
            @Tool("hidden")
            String look() {
                return "";
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(new Hidden()))
                .withMessageContaining("Hidden.look")
                .withMessageContaining("make it public");
    }

    @Test
    void aTypeThatJsonCannotExpressIsRejectedWithItsMethodAndType() {
        class Streams {
            @Tool("x")
            public void read(InputStream in) {}
        }
        class Functions {
            @Tool("x")
            public void run(Supplier<String> code) {}
        }
        class Bytes {
            @Tool("x")
            public void write(byte[] data) {}
        }
        class Keys {
            @Tool("x")
            public void map(Map<Integer, String> map) {}
        }
        class Inner {
            record Wrapper(List<Path> paths) {}

            @Tool("x")
            public void nested(Optional<Wrapper> wrapper) {}
        }
        class Empty {
            @Tool("x")
            public void maybe(OptionalInt n) {}
        }
        class Deep {
            @Tool("x")
            public void list(List<Optional<String>> list) {}
        }
        assertRejected(new Streams(), "Streams.read", "parameter in", "java.io.InputStream");
        assertRejected(new Functions(), "Functions.run", "Supplier");
        assertRejected(new Bytes(), "Bytes.write", "byte");
        assertRejected(new Keys(), "Keys.map", "Map<String, ...>");
        assertRejected(new Inner(), "Inner.nested", "component paths of Wrapper", "java.nio.file.Path");
        assertRejected(new Empty(), "Empty.maybe", "OptionalInt");
        assertRejected(new Deep(), "Deep.list", "Optional");
    }

    @Test
    void anOptionalPrimitiveIsRejected() {
        class Pages {
            @Tool("x")
            public void page(@Param(value = "which", required = false) int number) {}
        }
        assertRejected(new Pages(), "Pages.page", "number", "int", "boxed");
    }

    @Test
    void aToolThatReturnsAFutureIsRejected() {
        class Later {
            @Tool("x")
            public CompletableFuture<String> later() {
                return CompletableFuture.completedFuture("");
            }
        }
        assertRejected(new Later(), "Later.later", "CompletableFuture", "await");
    }

    @Test
    void aClassCompiledWithoutParameterNamesIsRejectedWithTheFix(@TempDir Path directory) throws Exception {
        var source = directory.resolve("Nameless.java");
        Files.writeString(
                source,
                "public class Nameless { @dev.rein.tool.Tool(\"x\") public String look(String where) { return where; }"
                        + " }");
        var result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        Path.of(Tool.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(result).isZero();

        try (var loader =
                new URLClassLoader(new java.net.URL[] {directory.toUri().toURL()}, Tool.class.getClassLoader())) {
            var toolkit = loader.loadClass("Nameless").getConstructor().newInstance();
            assertRejected(toolkit, "Nameless.look", "-parameters");
        }
    }

    private static void assertRejected(Object toolkit, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(toolkit))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }
}
