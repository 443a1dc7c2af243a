package dev.rein.guardrail;

import dev.rein.cancel.Cancellation;
import dev.rein.internal.guardrail.Finding;
import dev.rein.internal.guardrail.PersonalData;
import java.util.List;

/** The kinds of personal data that {@link Pii} finds. */
public enum PiiKind {
    /** An address of electronic mail, also one with "(at)" and "[dot]". */
    EMAIL("an e-mail address", PersonalData::emails),
    /** An international bank account number with the right check digits. */
    IBAN("a bank account number", PersonalData::ibans),
    /** The number of a payment card with the right check digit. */
    CARD("the number of a payment card", PersonalData::cards),
    /** A social security number of the USA. */
    SSN("a social security number", PersonalData::socialSecurityNumbers),
    /** An address of the internet protocol, version 4 or 6. */
    IP("an IP address", PersonalData::ipAddresses),
    /** A key, token or password: by its prefix, by the name before it, or by its entropy. */
    SECRET("a key or a password", PersonalData::secrets),
    /** A phone number. */
    PHONE("a phone number", PersonalData::phones);

    @FunctionalInterface
    private interface Detector {
        List<Finding> find(String plain, Cancellation cancellation);
    }

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Detector detector;

    PiiKind(String description, Detector detector) {
        this.description = description;
        this.detector = detector;
    }

    String description() {
        return description;
    }

    /** What takes the place of data of this kind, such as {@code [EMAIL]}. */
    public String mask() {
        return "[" + name() + "]";
    }

    List<Finding> find(String plain, Cancellation cancellation) {
        return detector.find(plain, cancellation);
    }
}
