package dev.rein.cli.serve;

import dev.rein.cli.Durations;
import dev.rein.runtime.DisconnectPolicy;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts {@code cancel}, {@code continue} and delays such as {@code 30s}. */
final class DisconnectPolicies implements ITypeConverter<DisconnectPolicy> {
    @Override
    public DisconnectPolicy convert(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "cancel" -> DisconnectPolicy.CANCEL;
            case "continue" -> DisconnectPolicy.CONTINUE;
            default -> after(value);
        };
    }

    private static DisconnectPolicy after(String value) {
        try {
            return DisconnectPolicy.cancelAfter(new Durations().convert(value));
        } catch (TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + value + "' is not a policy: use cancel, continue, or a delay such as 30s");
        }
    }
}
