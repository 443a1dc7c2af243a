package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recognizes texts that try to change a model's instructions, by the phrases that such texts have in common. */
public final class Injections {
    private static final String OLD =
            "(?:(?:all|any|every|each|the|these|those|your|my|our|of|previous|prior|preceding|above|earlier|past|former|original|initial|existing|current|given|system|developer|safety|other|and|such) ){0,6}";
    private static final String RULES =
            "(?:instruct\\w{0,6}|prompts?|directi(?:ons?|ves?)|rules?|guidelines?|guardrails?|polic(?:y|ies)|restrictions?|constraints?|programming|training|system message|safety filters?|orders|commands)";

    /** On a text in lower case, in which every run of other characters than letters and digits is one blank. */
    private static final List<Pattern> PHRASES = Stream.of(
                    "(?:ignore|disregard|forget|neglect|overlook|skip|bypass|override|overrule|discard|drop|disobey|violate|circumvent|cancel) "
                            + "(?:about )?(?:(?:all|any|every|each|the|these|those|your|of|and|previous|prior|preceding|above|earlier|past|former|original|initial|existing|current|given|system|developer|safety|other|such) ){1,6}"
                            + RULES,
                    "(?:ignore|disregard|forget) (?:everything|all|anything|what(?:ever)?)(?: (?:that|what|which|you|i|we|they|was|were|has|have|been|said|told|written|stated|given|of|the|this|is|came|comes)){0,8} (?:above|before|previously|earlier|prior|so far|until now|told|taught)",
                    "(?:do not|don t|dont|stop|no longer|never) (?:follow|obey|following|obeying|listen to|adhere to|comply with) "
                            + OLD + RULES,
                    "(?:reveal|show|print|repeat|output|display|leak|expose|disclose|recite|dump|share|tell|give|write|summari[sz]e|translate|what (?:is|are|was|were))(?: (?:me|us|out|back|all|of|verbatim|word for word|exactly|the|contents?)){0,5} (?:your|the (?:above|full|entire|hidden|initial|original|secret))(?: (?:full|entire|exact|complete|hidden|secret|initial|original|internal|own|current|very|first)){0,3} (?:system |developer |hidden |initial |original |secret )?(?:prompt|system message|instructions|directives|configuration text)",
                    "(?:repeat|print|output|copy|say|write)(?: (?:me|out|back|all|of|the|everything|every|word|words|text|content|exactly|verbatim)){0,6} (?:text |words )?(?:above|before this)(?: (?:starting|beginning|that starts|which starts|verbatim|word for word|exactly|in a code))",
                    "(?:you are|you re|act|behave|respond|pretend|roleplay|role play|simulate)(?: (?:now|from|on|as|to|be|being|if|you|were|are|a|an|the|like|that)){0,8} (?:dan|do anything now|stan|dude|aim|evil|unrestricted|unfiltered|uncensored|jailbroken|jailbreak|amoral|unaligned|developer mode|god mode)",
                    "(?:enable|enter|activate|switch to|turn on|start|go into|initiate) (?:the )?(?:developer|dev|god|debug|dan|jailbreak|unrestricted|admin|sudo|root|maintenance) mode",
                    "(?:with(?:out)?|have|has|had|free (?:of|from)|no)(?: (?:any|no|all|of|the|your)){0,3} (?:ethical|moral|safety|content) (?:restrictions?|guidelines?|limits?|limitations?|filters?|constraints?|rules?|boundaries)",
                    "(?:new|updated|revised|real|actual|true) (?:system )?(?:instructions|system prompt)(?: (?:are|is|follow|from|begin|as))",
                    "do anything now",
                    "(?:begin|start|end) (?:of )?(?:the )?(?:system prompt|system message|new instructions|admin override)",
                    "(?:admin|system|developer) override",
                    "(?:ignoriere?|ignorieren sie|vergiss|vergessen sie|missachte|missachten sie)(?: (?:alle|alles|die|deine|ihre|bisherigen|vorherigen|obigen|vorigen|fruheren|und|gegebenen|systems?)){1,6} (?:anweisungen|instruktionen|regeln|vorgaben|anordnungen|befehle)",
                    "(?:ignorez?|oubliez?|ne tenez? pas compte de)(?: (?:toutes?|tous|les|tes|vos|des|precedentes?|anterieures?)){1,5} (?:instructions|consignes|regles|directives)",
                    "(?:ignora|ignore|olvida|olvide)(?: (?:todas?|todos?|las|los|tus|sus|le|tutte|anteriores|previas|precedenti|as|suas|seu)){1,5} (?:instrucciones|reglas|ordenes|indicaciones|istruzioni|regole|instrucoes|regras)")
            .map(phrase -> Pattern.compile("\\b" + phrase + "\\b"))
            .toList();

    /** On the text itself: what separates the messages of a conversation, for a model. */
    private static final Pattern MARKERS = Pattern.compile(
            "<\\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id|begin_of_text)\\|>"
                    + "|\\[/?INST\\]|<</?SYS>>|</?(?:system|system_prompt|system-prompt|instructions_override)>"
                    + "|(?m:^\\s{0,5}#{2,6} ?(?:system|new instructions?|instruction override) ?:)"
                    + "|\\[\\s?(?:system|admin)\\s?(?:override|message|prompt)\\s?\\]",
            Pattern.CASE_INSENSITIVE);

    /** Without blanks: letters that stand apart are joined. */
    private static final Pattern JOINED = Pattern.compile(
            "(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|of|my|these|those){0,4}(?:previous|prior|above|earlier|preceding|system|safety)(?:and)?(?:all|of|your|the)?(?:instructions|prompts?|rules|guidelines|directives)"
                    + "|reveal(?:me)?(?:your|the)(?:system|hidden|initial|secret)(?:prompt|instructions)");

    private static final Pattern APART = Pattern.compile("(?:\\b\\w\\b[\\W_]{1,4}){6}");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{24,4000}={0,2}");
    private static final String LOOK_ALIKES =
            "\u0430a\u0435e\u043Eo\u0440p\u0441c\u0443y\u0445x\u0456i\u0458j\u04BBh\u0455s\u043Ak\u03B1a\u03B5e\u03BFo\u03C1p\u03B9i\u03BDv\u03C4t\u03C5u\u03BAk\u0261g\u0131i\u0501d\u051Bq\u051Dw\u0442t\u043Dh\u0432b\u043Cm";
    private static final String LEET = "0o1i3e4a5s7t@a$s!i";
    private static final int MAX_DECODED = 20;

    private Injections() {}

    /** Whether a text tries to change a model's instructions. */
    public static boolean isIn(String original, Cancellation cancellation) {
        var plain = PlainForm.of(original, cancellation).text();
        return isInPlain(plain, cancellation) || isEncoded(plain, cancellation);
    }

    private static boolean isInPlain(String plain, Cancellation cancellation) {
        if (MARKERS.matcher(new StoppableText(plain, cancellation)).find()) {
            return true;
        }
        var letters = letters(plain);
        return hasPhrase(words(letters), cancellation)
                || hasPhrase(words(replaced(letters, LEET)), cancellation)
                || isApart(letters, cancellation);
    }

    /** In lower case, without accents, with Latin letters in place of those that look like them. */
    private static String letters(String text) {
        var decomposed = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "");
        return replaced(decomposed, LOOK_ALIKES);
    }

    private static String replaced(String text, String pairs) {
        var result = new StringBuilder(text);
        for (var i = 0; i < result.length(); i++) {
            var at = pairs.indexOf(result.charAt(i));
            if (at >= 0 && at % 2 == 0) {
                result.setCharAt(i, pairs.charAt(at + 1));
            }
        }
        return result.toString();
    }

    private static String words(String letters) {
        return letters.replaceAll("[^\\p{L}\\p{N}]+", " ");
    }

    private static boolean hasPhrase(String words, Cancellation cancellation) {
        for (var phrase : PHRASES) {
            if (phrase.matcher(new StoppableText(words, cancellation)).find()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isApart(String letters, Cancellation cancellation) {
        return APART.matcher(new StoppableText(letters, cancellation)).find()
                && JOINED.matcher(new StoppableText(replaced(letters, LEET).replaceAll("[^a-z]+", ""), cancellation))
                        .find();
    }

    private static boolean isEncoded(String plain, Cancellation cancellation) {
        var token = BASE64.matcher(new StoppableText(plain, cancellation));
        for (var count = 0; count < MAX_DECODED && token.find(); count++) {
            var decoded = decoded(token.group());
            if (decoded != null && isInPlain(decoded, cancellation)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String decoded(String token) {
        try {
            var bytes = Base64.getDecoder()
                    .decode(token.replace('-', '+').replace('_', '/').replace("=", ""));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
