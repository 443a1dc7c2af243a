package dev.rein.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Users import the BOM instead of naming the version of each module. */
class BomTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theBomManagesAllPublishedModulesAndNothingElse() throws Exception {
        var published = new ArrayList<String>();
        for (var module : texts(pom("."), "module")) {
            var pom = pom(module);
            if (!texts(pom, "maven.deploy.skip").contains("true") && !module.equals("bom")) {
                published.add("dev.rein:rein-" + module + ":${project.version}");
            }
        }
        var managed = new ArrayList<String>();
        var dependencies = pom("bom").getElementsByTagName("dependency");
        for (var i = 0; i < dependencies.getLength(); i++) {
            var dependency = (Element) dependencies.item(i);
            managed.add(String.join(
                    ":",
                    texts(dependency, "groupId").getFirst(),
                    texts(dependency, "artifactId").getFirst(),
                    texts(dependency, "version").getFirst()));
        }

        assertThat(managed).containsExactlyInAnyOrderElementsOf(published).hasSizeGreaterThan(5);
    }

    @Test
    void theBomHasTheVersionOfTheBuildAndInheritsNothing() throws Exception {
        assertThat(texts(pom("bom"), "version").getFirst())
                .isEqualTo(texts(pom("."), "version").getFirst());
        assertThat(texts(pom("bom"), "parent")).isEmpty();
    }

    private static Element pom(String module) throws Exception {
        var file = ROOT.resolve(module).resolve("pom.xml").toFile();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file)
                .getDocumentElement();
    }

    private static List<String> texts(Element parent, String tag) {
        var found = parent.getElementsByTagName(tag);
        var texts = new ArrayList<String>();
        for (var i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent().strip());
        }
        return texts;
    }
}
