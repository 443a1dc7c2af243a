/**
 * Models of LangChain4j as models of Rein: {@link dev.rein.langchain4j.LangChain4jModel} translates requests, responses and
 * failures. Models that are built with {@link dev.rein.langchain4j.ReinHttpClientBuilder} are stopped at every point; others
 * between two parts of their response, or by an interrupt.
 */
@NullMarked
package dev.rein.langchain4j;

import org.jspecify.annotations.NullMarked;
