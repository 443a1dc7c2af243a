package dev.rein.guardrail;

import static dev.rein.guardrail.Checks.rewritten;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            write to anna.smith+x@mail.example.co.uk today     | write to [EMAIL] today
            anna(at)example(dot)com                            | [EMAIL]
            anna [at] example [dot] com                        | [EMAIL]
            anna@ex\u200Bample.com                             | [EMAIL]
            \uFF41nna\uFF20example.com                         | [EMAIL]
            j\u00FCrgen@m\u00FCller.de                         | [EMAIL]
            anna\\u0040example.com                             | [EMAIL]
            card 4111 1111 1111 1111.                          | card [CARD].
            card 4111111111111111                              | card [CARD]
            card 4111-1111-1111-1111                           | card [CARD]
            card 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1               | card [CARD]
            card 4111.1111.1111.1111                           | card [CARD]
            card 4111\u00A01111\u20091111\u20141111            | card [CARD]
            card \uFF14111 1111 1111 111\uFF11                 | card [CARD]
            card \u0664\u0661\u0661\u0661 1111 1111 1111       | card [CARD]
            card 4111\u200B1111\u200B1111\u200B1111            | card [CARD]
            amex 3782 822463 10005                             | amex [CARD]
            12 4111 1111 1111 1111                             | 12 [CARD]
            DE89 3704 0044 0532 0130 00 is mine                | [IBAN] is mine
            de89370400440532013000                             | [IBAN]
            GB82-WEST-1234-5698-7654-32                        | [IBAN]
            my ssn is 123-45-6789.                             | my ssn is [SSN].
            SSN: 123456789                                     | SSN: [SSN]
            123 45 6789                                        | [SSN]
            host 192.168.17.4                                  | host [IP]
            host 2001:db8:85a3::8a2e:370:7334                  | host [IP]
            call 555-123-4567 now                              | call [PHONE] now
            call (555) 123-4567                                | call [PHONE]
            +49 30 1234567                                     | [PHONE]
            +1 (415) 555-2671                                  | [PHONE]
            Tel. 030/1234567                                   | Tel. [PHONE]
            my phone: 5551234567                               | my phone: [PHONE]
            \uFF0B49 \uFF13\uFF10 1234567                      | [PHONE]
            sk-proj-abcdefghij1234567890ABCDEFG                | [SECRET]
            AKIAIOSFODNN7EXAMPLE                               | [SECRET]
            ghp_abcdefghijklmnopqrstuvwxyz0123456789           | [SECRET]
            password: hunter2!x                                | password: [SECRET]
            password = "correct4horse"                         | password = "[SECRET]"
            wJalrXUtnFEMIK7MDENGbPxRfiCYzzEXAMPLEKEY9          | [SECRET]
            postgres://app:s3cr3tpw@db/prod                    | postgres://app:[SECRET]@db/prod
            """)
    void masksPersonalDataHoweverItIsWritten(String text, String masked) throws Exception {
        assertThat(rewritten(Pii.mask(), text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It is 2024-01-15 10:30:45, version 1.2.3.4 of 3.14159.",
                "Order 1234567890 of 12/31/2024 costs 1,234,567.89 dollars.",
                "4111 1111 1111 1112 has a wrong check digit.",
                "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
                "0000 0000 0000 0000",
                "GB83 WEST 1234 5698 7654 32 has wrong check digits.",
                "std::vector<int> and a::b at 12:30:45 on 127.0.0.1",
                "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
                "id 550e8400-e29b-41d4-a716-446655440000",
                "Say hello @anna and ask about the token limit of the password field.",
                "The password is required. A secret: never tell anybody.",
                "ISBN 978-3-16-148410-0",
                "src/main/java/dev/rein/internal/guardrail/PersonalDataTest.java",
                "In 2023 there were 331 900 000 people; 20 000 of them in 1990-2020.",
                "000-12-3456, 666-12-3456 and 900-12-3456 were never issued.",
                "Look at example.com/at/home, dear readers!",
                "aVeryLongCamelCaseIdentifierWithoutAnyDigitsInItAtAll",
                "f(x) = 12 + 34 - 56 * 78 / 90"
            })
    void leavesOtherTextsAlone(String text) throws Exception {
        assertThat(rewritten(Pii.mask(), text)).isEqualTo(text);
    }

    @Test
    void masksSeveralKindsAtOnceAndKeepsTheRest() throws Exception {
        assertThat(rewritten(Pii.mask(), "a@b.org, 4111 1111 1111 1111; and 10.1.2.3!"))
                .isEqualTo("[EMAIL], [CARD]; and [IP]!");
    }

    @Test
    void looksForTheGivenKindsOnly() throws Exception {
        assertThat(rewritten(Pii.mask(PiiKind.EMAIL), "a@b.org 10.1.2.3")).isEqualTo("[EMAIL] 10.1.2.3");
    }

    @Test
    void aRefusalNamesTheKindsButNotTheData() throws Exception {
        var verdict = (Verdict.Refuse) Checks.verdict(Pii.block(), "a@b.org and 10.1.2.3");

        assertThat(verdict.reason()).isEqualTo("it contains an e-mail address and an IP address");
    }

    @Test
    void theArgumentsOfToolsStayJson() throws Exception {
        var arguments = CheckedText.of(
                CheckPoint.TOOL_ARGUMENTS,
                "{\"card\":4111111111111111,\"to\":[\"a@b.org\"],\"password\":\"hunter2!x\",\"n\":5,\"deep\":{\"x\":\"10.1.2.3\"}}");

        assertThat(((Verdict.Rewrite) Checks.verdict(Pii.mask(), arguments)).text())
                .isEqualTo(
                        "{\"card\":\"[CARD]\",\"to\":[\"[EMAIL]\"],\"password\":\"[SECRET]\",\"n\":5,\"deep\":{\"x\":\"[IP]\"}}");
    }

    @Test
    void argumentsWhoseNamesAreMaskedAlikeAreAllKept() throws Exception {
        var arguments = CheckedText.of(CheckPoint.TOOL_ARGUMENTS, "{\"a@b.org\":1,\"c@d.org\":2,\"e@f.org\":3}");

        assertThat(((Verdict.Rewrite) Checks.verdict(Pii.mask(), arguments)).text())
                .isEqualTo("{\"[EMAIL]\":1,\"[EMAIL] 1\":2,\"[EMAIL] 2\":3}");
    }

    @Test
    void dataThatBeginsInTheSentenceBeforeIsFound() throws Exception {
        var text = new CheckedText(
                CheckPoint.OUTPUT, "@example.com is it.", "Write to anna", 13, java.util.List.of(), null, false);

        assertThat(((Verdict.Rewrite) Checks.verdict(Pii.mask(), text)).text()).isEqualTo("[EMAIL] is it.");
    }

    @Test
    void hugeTextsTakeLinearTime() throws Exception {
        for (var part : java.util.List.of(
                "a@",
                "1 ",
                "12345678901234567890",
                "aA1",
                "(at)",
                "1.",
                ":",
                "0",
                "x@y.z ",
                "password ",
                "+",
                "AKIA",
                "eyJ")) {
            var text = part.repeat(40_000 / part.length());
            assertThat(Checks.verdict(Pii.mask(), text)).isNotNull();
        }
    }
}
