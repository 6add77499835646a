package spring

// listens are the properties that hold a port on which the program listens
// (https://docs.spring.io/spring-boot/appendix/application-properties/index.html,
// https://quarkus.io/guides/all-config, https://docs.micronaut.io/latest/guide/configurationreference.html).
var listens = map[string]bool{
	"server.port": true, "management.server.port": true, "grpc.server.port": true, "spring.grpc.server.port": true,
	"quarkus.http.port": true, "quarkus.grpc.server.port": true, "micronaut.server.port": true,
}

// ports are those that the groups of properties mean without one, as their
// documentation says.
var ports = map[string]int{
	"spring.data.redis": 6379, "spring.redis": 6379, "spring.rabbitmq": 5672, "spring.data.mongodb": 27017, "spring.mail": 25,
	"spring.neo4j": 7687, "spring.ldap": 389, "spring.cassandra": 9042, "spring.data.cassandra": 9042, "spring.couchbase": 11210,
	"spring.cloud.consul": 8500, "spring.influx": 8086,
}

// called are the beginnings of properties whose address is connected to although
// their name speaks of links.
var called = []string{
	"spring.datasource.", "spring.data.", "spring.redis.", "spring.rabbitmq.", "spring.kafka.", "spring.elasticsearch.", "spring.mail.host",
	"spring.security.oauth2.resourceserver.", "eureka.client.", "quarkus.datasource.", "quarkus.redis.", "kafka.bootstrap", "mp.messaging.",
}

// silent are the beginnings of properties that hold addresses which are not, or
// not for certain, connected to by the program: what it says of itself, what a
// browser follows, where traces go if anybody gathers them.
var silent = []string{
	"spring.security.oauth2.client.registration.", "spring.security.oauth2.client.provider.", "spring.security.oauth2.authorizationserver.", "springdoc.", "swagger.", "springfox.", "jhipster.", "spring.h2.",
	"management.zipkin.", "management.tracing.", "management.otlp.", "spring.zipkin.", "management.metrics.", "management.graphite.", "logging.", "eureka.instance.", "eureka.server.", "spring.cloud.client.",
	"quarkus.otel.", "quarkus.swagger-ui.", "quarkus.http.cors", "server.", "spring.jmx.", "spring.devtools.", "sentry.", "info.", "spring.graphql.", "spring.thymeleaf.", "spring.web.", "spring.mvc.", "spring.test", "quarkus.test", "spring.cloud.inetutils",
	"spring.cloud.gateway.globalcors", "spring.cloud.gateway.server.webflux.globalcors",
}
