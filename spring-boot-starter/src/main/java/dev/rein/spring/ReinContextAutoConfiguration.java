package dev.rein.spring;

import dev.rein.run.CallInterceptor;
import io.micrometer.context.ContextSnapshotFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;

/** What runs keep of the thread that starts them: interceptors, which are outside of those of the application. */
@AutoConfiguration(before = ReinAutoConfiguration.class)
public class ReinContextAutoConfiguration {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnProperty(name = "rein.context.mdc", havingValue = "true", matchIfMissing = true)
    CallInterceptor reinMdcInterceptor() {
        return new MdcInterceptor();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ContextSnapshotFactory.class)
    static class ThreadLocals {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 1)
        @ConditionalOnProperty(name = "rein.context.thread-locals", havingValue = "true", matchIfMissing = true)
        CallInterceptor reinThreadLocalsInterceptor() {
            return new ThreadLocalsInterceptor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContextHolder.class)
    static class Security {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 2)
        @ConditionalOnProperty(name = "rein.context.security", havingValue = "true", matchIfMissing = true)
        CallInterceptor reinSecurityContextInterceptor() {
            return new SecurityContextInterceptor();
        }
    }
}
