/** A Spring Boot application with an agent: REST, streams to browsers, security, shutdown and metrics. */
package dev.rein.examples.spring;
