package dev.rein.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
    private static final Pricing MINI = new Pricing(0.15, 0.6, 0.075);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o-mini",
                "gpt-4o-mini-2024-07-18",
                "openai/gpt-4o-mini",
                "openrouter/openai/gpt-4o-mini-2024-07-18",
            })
    void aModelIsFoundWithItsProviderAndItsDate(String id) {
        assertThat(Prices.list().find(id)).isEqualTo(MINI);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o-mini-audio-preview",
                "gpt-4o-mini:free",
                "ft:gpt-4o-mini:our-team::1",
                "gpt",
                "",
                "openai/",
                "gpt-4o-mini/7",
                "-2024-07-18"
            })
    void anotherModelIsUnknown(String id) {
        assertThat(Prices.list().find(id)).isNull();
    }

    @Test
    void aDatedModelWithAPriceOfItsOwnHasThat() {
        assertThat(Prices.list().find("gpt-4o-2024-05-13")).isEqualTo(new Pricing(5, 15));
        assertThat(Prices.list().find("gpt-4o-2024-08-06")).isEqualTo(new Pricing(2.5, 10, 1.25));
        assertThat(Prices.list().find("claude-sonnet-4-20250514")).isEqualTo(new Pricing(3, 15, 0.3));
    }

    @Test
    void theListIsDatedAndWhole() {
        assertThat(Prices.listDate()).isAfter(LocalDate.of(2026, 1, 1));
        assertThat(Prices.list().models()).hasSizeGreaterThan(20).allSatisfy(id -> {
            var price = Prices.list().find(id);
            assertThat(price).isNotNull();
            assertThat(price.cachedInputPerMillion()).isPositive().isLessThanOrEqualTo(price.inputPerMillion());
            assertThat(price.inputPerMillion()).isLessThan(price.outputPerMillion());
        });
    }

    @Test
    void aTableIsExtendedOrReplaced() {
        var own = new Pricing(1, 2);
        var extended = Prices.list().with("ours", own).with("gpt-4o", own);
        assertThat(extended.find("ours")).isEqualTo(own);
        assertThat(extended.find("gpt-4o-2024-08-06")).isEqualTo(own);
        assertThat(extended.find("gpt-4o-mini")).isEqualTo(MINI);
        assertThat(Prices.of(Map.of("ours", own)).find("gpt-4o-mini")).isNull();
        assertThat(Prices.NONE.find("gpt-4o-mini")).isNull();
    }

    @Test
    void cachedInputHasItsOwnPrice() {
        var usage = new Usage(1_000_000, 100_000, 0, 400_000);
        assertThat(new Pricing(2, 8, 0.5).cost(usage)).isCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.8, within(1e-9));
        assertThat(new Pricing(2, 8).cost(usage)).isCloseTo(2.8, within(1e-9));
        // Some providers count cached tokens apart from the input.
        assertThat(new Pricing(2, 8, 0.5).cost(new Usage(100, 0, 0, 900))).isCloseTo(0.00005, within(1e-12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pricing(2, 8, -1))
                .withMessageContaining("cachedInputPerMillion is -1.0");
    }
}
