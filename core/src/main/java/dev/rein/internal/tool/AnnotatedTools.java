package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JavaType;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolSpec;
import dev.rein.tool.Toolkit;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the annotated tool methods of an object. Each class is inspected once. Thread-safe. */
public final class AnnotatedTools {
    private static final ClassValue<List<ToolMethod>> METHODS = new ClassValue<>() {
        @Override
        protected List<ToolMethod> computeValue(Class<?> type) {
            return read(type);
        }
    };

    private AnnotatedTools() {}

    /** One tool for each public method with {@link Tool}, or those of the elements of a collection; see {@link ToolSpec#from}. */
    public static List<ToolSpec> of(Object toolkit) {
        if (toolkit instanceof ToolSpec tool) {
            return List.of(tool);
        }
        if (toolkit instanceof Toolkit selection) {
            return selection.tools();
        }
        if (toolkit instanceof Collection<?> several) {
            return several.stream().flatMap(each -> of(each).stream()).toList();
        }
        if (toolkit instanceof Class<?> type) {
            throw new IllegalArgumentException(
                    "tools were given as the class " + type.getSimpleName() + ": give an object of it");
        }
        return METHODS.get(toolkit.getClass()).stream()
                .map(method -> method.on(toolkit))
                .toList();
    }

    private static List<ToolMethod> read(Class<?> type) {
        var toolkit = JsonTypes.TYPES.constructType(type);
        var tools = annotated(toolkit).stream()
                .map(method -> ToolMethod.of(method, toolkit.findSuperType(method.getDeclaringClass())))
                // The order of reflection may differ between JVMs, and providers cache prompts by prefix.
                .sorted(Comparator.comparing(tool -> tool.definition().name()))
                .toList();
        if (tools.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " has no tool: put @Tool on a public method");
        }
        var byName = new HashMap<String, ToolMethod>();
        for (var tool : tools) {
            var other = byName.put(tool.definition().name(), tool);
            if (other != null) {
                throw new IllegalArgumentException("two tools of " + type.getName() + " are named \""
                        + tool.definition().name() + "\", " + ToolMethod.describe(other.method()) + " and "
                        + ToolMethod.describe(tool.method()) + ": give one another name with @Tool(name = ...)");
            }
        }
        return tools;
    }

    /** The annotated methods of a class and its supertypes; of overridden methods only the most specific one. */
    private static List<Method> annotated(JavaType toolkit) {
        var bySignature = new LinkedHashMap<String, Method>();
        for (var type : lineage(toolkit)) {
            for (var method : type.getRawClass().getDeclaredMethods()) {
                if (method.isAnnotationPresent(Tool.class) && !method.isBridge()) {
                    requirePublic(method);
                    bySignature.putIfAbsent(signature(method, type), method);
                }
            }
        }
        return List.copyOf(bySignature.values());
    }

    private static void requirePublic(Method method) {
        if (!Modifier.isPublic(method.getModifiers())) {
            throw new IllegalArgumentException(ToolMethod.describe(method) + " is not public: make it public");
        }
    }

    private static List<JavaType> lineage(JavaType toolkit) {
        var all = new ArrayList<JavaType>();
        for (JavaType type = toolkit; type != null; type = type.getSuperClass()) {
            all.add(type);
        }
        for (int i = 0; i < all.size(); i++) {
            for (var each : all.get(i).getInterfaces()) {
                if (!all.contains(each)) {
                    all.add(each);
                }
            }
        }
        return all;
    }

    private static String signature(Method method, JavaType type) {
        return method.getName()
                + Arrays.stream(method.getGenericParameterTypes())
                        .map(parameter ->
                                JsonTypes.resolve(parameter, type).getRawClass().getName())
                        .collect(Collectors.joining(",", "(", ")"));
    }
}
