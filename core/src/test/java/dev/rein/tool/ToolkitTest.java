package dev.rein.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolkitTest {
    // The methods are called by reflection.
    @SuppressWarnings("UnusedMethod")
    static final class Mail {
        @Tool("x")
        public String read() {
            return "read";
        }

        @Tool("x")
        public String send() {
            return "sent";
        }
    }

    private final Toolkit mail = Toolkit.of(new Mail());

    private static List<String> names(Toolkit toolkit) {
        return toolkit.tools().stream().map(ToolSpec::name).toList();
    }

    @Test
    void toolsAreChosenByName() {
        assertThat(names(mail)).containsExactly("read", "send");
        assertThat(names(mail.include("send"))).containsExactly("send");
        assertThat(names(mail.exclude("send"))).containsExactly("read");
        assertThat(names(mail.exclude("send", "read"))).isEmpty();
        assertThat(names(mail.include())).isEmpty();
        assertThat(names(mail)).as("a toolkit does not change").hasSize(2);
    }

    @Test
    void unknownNamesAreRefusedWithTheList() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mail.include("read", "sned"))
                .withMessage("there is no tool \"sned\": there are read, send");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mail.exclude("x", "y"))
                .withMessage("there is no tool \"x\", \"y\": there are read, send");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mail.change("x", tool -> tool))
                .withMessageContaining("read, send");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mail.exclude("read", "send").include("read"))
                .withMessageEndingWith("there are none");
    }

    @Test
    void aPrefixDistinguishesTheToolsOfTwoObjects() {
        var model = TestModel.of(TestModel.calls("a_read", "b_read"), TestModel.says("done"));
        var output = Agent.builder()
                .model(model)
                .tools(mail.prefix("a_"), List.of(mail.prefix("b_")))
                .build()
                .run("go");
        assertThat(output.tools()).allMatch(tool -> !tool.error()).hasSize(2);
        assertThat(names(mail.prefix("a_").include("a_read"))).containsExactly("a_read");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mail.prefix("a b"))
                .withMessageContaining("a bread");
        assertThatIllegalArgumentException().isThrownBy(() -> mail.prefix("x".repeat(61)));
    }

    @Test
    void optionsAreThoseOfOneOrAll() {
        var minute = Duration.ofMinutes(1);
        assertThat(mail.each(tool -> tool.withTimeout(minute)).tools())
                .extracting(ToolSpec::timeout)
                .containsExactly(minute, minute);
        assertThat(mail.change("send", tool -> tool.withConfirmation("Send?")).tools())
                .extracting(tool -> tool.question() != null)
                .containsExactly(false, true);
    }

    @Test
    void aToolkitIsMadeOfAnythingThatHasTools() {
        var spec = mail.tools().getFirst().withName("other");
        assertThat(names(Toolkit.of(mail, spec))).containsExactly("read", "send", "other");
        assertThatIllegalArgumentException().isThrownBy(() -> Toolkit.of("text"));
    }
}
