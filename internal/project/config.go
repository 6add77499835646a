package project

// Config is what rehearse.yaml says.
type Config struct{}

// ConfigError is something wrong in rehearse.yaml.
type ConfigError struct{}

func (e *ConfigError) Error() string { return "" }

func (p *Project) configure() error { return nil }
