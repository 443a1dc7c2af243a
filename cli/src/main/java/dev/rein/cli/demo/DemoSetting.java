package dev.rein.cli.demo;

import dev.rein.model.Model;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a demo works with.
 *
 * @param model the model asked
 * @param prompt what it is asked
 * @param cancelAfter when another thread stops the run; null lets it complete
 * @param screen where it shows what happens
 */
record DemoSetting(Model model, String prompt, @Nullable Duration cancelAfter, Screen screen) {}
