package dev.rein.internal.run;

public final class RunPlan {}
