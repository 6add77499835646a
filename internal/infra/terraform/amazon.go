package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
)

// amazon are the resources of the provider of Amazon Web Services
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
var amazon = map[string]maker{
	"aws_ecs_task_definition":           task,
	"aws_lambda_function":               lambda,
	"aws_apprunner_service":             appRunner,
	"aws_elastic_beanstalk_environment": beanstalk,
	"aws_batch_job_definition":          batch,
}

func task(r *resource, def *fact.Definition) {
	name := r.workload("ecs", "task", "family").Name
	said := r.said.Get("container_definitions")
	containers := said.JSON()
	if !containers.IsList() {
		r.module.note(firstAt(r.said.KeyAt("container_definitions"), r.at), "the containers of the task "+name+" are computed and not read")
		return
	}
	tasks := cloud.Task(name, r.at, containers, r.said.Get("volume"))
	replicas := r.desired()
	by := r.identity(r.said.Get("execution_role_arn"))
	for i := range tasks {
		for _, secret := range secretsOf(containers, tasks[i].Container) {
			tasks[i].Uses = append(tasks[i].Uses, r.use(secret.Get("name").Text(), secret.KeyAt("valueFrom"), secret.Get("valueFrom"), by, true)...)
		}
		if n := replicas.Int(); n > 1 {
			tasks[i].Replicas, tasks[i].ReplicasAt = n, replicas.At
		}
	}
	def.Workloads = append(def.Workloads, tasks...)
}

// secretsOf returns the secrets of the container of that name.
func secretsOf(containers *cloud.Node, name string) []*cloud.Node {
	for _, c := range containers.Items() {
		if c.Get("name").Text() == name {
			return c.Get("secrets").Items()
		}
	}
	return nil
}

// desired returns how many tasks the service of the task runs.
func (r *resource) desired() *cloud.Node {
	for _, b := range r.module.blocks {
		if b.Type != "resource" || b.Labels[0] != "aws_ecs_service" {
			continue
		}
		sc := &scope{module: r.module}
		if of := r.module.attribute(b, "task_definition", sc).Of(); of == r.address {
			if n := r.module.attribute(b, "desired_count", sc); n.IsScalar() && !n.Loose() {
				return n
			}
		}
	}
	return nil
}

func lambda(r *resource, def *fact.Definition) {
	w := r.workload("lambda", "function", "function_name")
	variables := one(r.said, "environment")
	given(&w, variables.Get("variables"), firstAt(variables.KeyAt("variables"), r.said.KeyAt("environment")))
	if variables.IsUnknown() {
		w.Imports = append(w.Imports, variables.More()...)
	}
	by := r.identity(r.said.Get("role"))
	for _, p := range variables.Get("variables").Pairs() {
		w.Uses = append(w.Uses, r.use(p.Key, p.At, p.Value, by, false)...)
	}
	if uri := r.said.Get("image_uri"); !uri.IsNull() {
		w.Image = image(uri)
		w.Args = one(r.said, "image_config").Get("command").Texts()
		def.Workloads = append(def.Workloads, w)
		return
	}
	folder := r.archive(r.block)
	if file := r.said.Get("filename"); folder == "" && file.IsScalar() {
		folder = cloud.Source(path.Dir(path.Clean(file.Text())))
	}
	cloud.Function(&w, folder, r.said.Get("handler").Text(), r.said.Get("runtime").Text())
	w.StartAt = r.said.KeyAt("handler")
	def.Workloads = append(def.Workloads, w)
}

// archive returns the folder that the archive is packed of which a block names:
// a data source packs it
// (https://registry.terraform.io/providers/hashicorp/archive/latest/docs/data-sources/file).
func (r *resource) archive(block *hclsyntax.Block) string {
	for _, address := range mentions(block) {
		b := r.module.byName[address]
		if b == nil || !strings.HasPrefix(address, "data.archive_file.") {
			continue
		}
		if dir := r.module.attribute(b, "source_dir", r.scope); dir.IsScalar() {
			return cloud.Source(path.Clean(dir.Text()))
		}
		if file := r.module.attribute(b, "source_file", r.scope); file.IsScalar() {
			return cloud.Source(path.Dir(path.Clean(file.Text())))
		}
	}
	return ""
}

// mentions returns the addresses of the resources and data that the attributes
// of a block, and of the blocks in it, speak of.
func mentions(block *hclsyntax.Block) []string {
	var all []string
	var spoken []hcl.Traversal
	for _, a := range block.Body.Attributes {
		spoken = append(spoken, hclsyntax.Variables(a.Expr)...)
	}
	for _, in := range block.Body.Blocks {
		all = append(all, mentions(in)...)
	}
	for _, t := range spoken {
		var names []string
		for _, step := range t {
			switch s := step.(type) {
			case hcl.TraverseRoot:
				names = append(names, s.Name)
			case hcl.TraverseAttr:
				names = append(names, s.Name)
			}
		}
		head := 2
		if names[0] == "data" {
			head = 3
		}
		if len(names) >= head {
			all = append(all, strings.Join(names[:head], "."))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func appRunner(r *resource, def *fact.Definition) {
	w := r.workload("app-runner", "service", "service_name")
	for _, keys := range [][]string{{"image_repository", "image_configuration"}, {"code_repository", "code_configuration", "code_configuration_values"}} {
		c := one(r.said, append([]string{"source_configuration"}, keys...)...)
		given(&w, c.Get("runtime_environment_variables"), c.KeyAt("runtime_environment_variables"))
		secrets, more := c.Get("runtime_environment_secrets").Variables()
		w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
		if port := c.Get("port"); port.Int() != 0 {
			w.Ports = append(w.Ports, fact.Port{Number: port.Int(), At: port.At})
		}
	}
	w.Image = image(one(r.said, "source_configuration", "image_repository").Get("image_identifier"))
	if w.Image == "" {
		w.Image = unnamed
	}
	def.Workloads = append(def.Workloads, w)
}

// beanstalk reads the settings of an environment of Elastic Beanstalk
// (https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html).
func beanstalk(r *resource, def *fact.Definition) {
	w := r.workload("beanstalk", "environment", "name")
	w.Image = unnamed
	settings := r.said.Get("setting")
	for _, s := range settings.Items() {
		space, name := s.Get("namespace"), s.Get("name")
		switch {
		case space.Text() != "aws:elasticbeanstalk:application:environment":
		case name.IsScalar():
			w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: name.Text(), At: name.At, Value: s.Get("value").Value()})
			w.EnvAt = s.At
		default:
			w.Imports = append(w.Imports, s.Hidden("a variable whose name is computed")...)
		}
	}
	w.Imports = append(w.Imports, settings.More()...)
	def.Workloads = append(def.Workloads, w)
}

func batch(r *resource, def *fact.Definition) {
	c := r.said.Get("container_properties").JSON()
	if !c.IsMap() {
		return
	}
	w := r.workload("ecs", "job", "name")
	w.Once, w.Image = true, image(c.Get("image"))
	w.Args, w.StartAt = c.Get("command").Texts(), c.KeyAt("command")
	w.Supplies, w.Imports = c.Get("environment").Named("name", "value")
	secrets, more := c.Get("secrets").Named("name", "valueFrom")
	w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
	w.EnvAt = firstAt(c.KeyAt("environment"), r.said.KeyAt("container_properties"), r.at)
	def.Workloads = append(def.Workloads, w)
}
