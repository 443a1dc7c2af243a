package dev.rein.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of arguments. Those beyond the range of a double are no numbers: most programs would read them as infinite. */
final class Numbers {
    /** Bounded, so that no exponent leads to a number of millions of digits. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,60}(\\.\\d{0,60})?|\\.\\d{1,60})([eE][+-]?\\d{1,3})?");

    private static final BigDecimal MAX = BigDecimal.valueOf(Double.MAX_VALUE);

    private Numbers() {}

    static boolean isNumber(JsonNode value) {
        return value.isNumber()
                && ((value.isFloat() || value.isDouble())
                        ? Double.isFinite(value.doubleValue())
                        : value.decimalValue().abs().compareTo(MAX) <= 0);
    }

    static boolean isWhole(JsonNode value) {
        if (!isNumber(value)) {
            return false;
        }
        // Without expanding numbers such as 1e300.
        return value.isIntegralNumber()
                || value.decimalValue().signum() == 0
                || value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    /** The number that a text is; null if it is none. */
    static @Nullable JsonNode parse(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return null;
        }
        var number = new BigDecimal(text);
        return number.scale() == 0 ? whole(number) : DecimalNode.valueOf(number);
    }

    /** A whole number without the form of a fraction, such as 5 for 5.0. */
    static JsonNode whole(BigDecimal number) {
        var exact = number.toBigIntegerExact();
        if (exact.bitLength() < Integer.SIZE) {
            return IntNode.valueOf(exact.intValue());
        }
        return exact.bitLength() < Long.SIZE ? LongNode.valueOf(exact.longValue()) : BigIntegerNode.valueOf(exact);
    }

    static boolean isSame(JsonNode first, JsonNode second) {
        return (isNumber(first) && isNumber(second))
                ? first.decimalValue().compareTo(second.decimalValue()) == 0
                : first.equals(second);
    }
}
