package cloudformation

import (
	"path"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// makers are the resources that are read, by type. All others say nothing of
// needs or supplies.
var makers = map[string]func(*reader, resource){
	"AWS::ECS::TaskDefinition":           (*reader).task,
	"AWS::Lambda::Function":              (*reader).lambda,
	"AWS::Serverless::Function":          (*reader).packaged,
	"AWS::AppRunner::Service":            (*reader).appRunner,
	"AWS::ElasticBeanstalk::Environment": (*reader).beanstalk,
	"AWS::Batch::JobDefinition":          (*reader).batch,
}

func (r *reader) task(res resource) {
	name := res.said.Get("Family").Text()
	if name == "" {
		name = res.name
	}
	r.add(cloud.Task(name, res.at, res.said.Get("ContainerDefinitions"), res.said.Get("Volumes"))...)
	if containers := res.said.Get("ContainerDefinitions"); containers.IsUnknown() {
		r.def.Unread = append(r.def.Unread, source.Unread{At: containers.At, Reason: "the containers of the task " + name + " are computed and not read"})
	}
}

func (res resource) function() fact.Workload {
	w := fact.Workload{Name: res.name, Kind: "function", Platform: "lambda", At: res.at, EnvAt: res.at, Replicas: 1}
	w.StartAt = res.said.KeyAt("Handler")
	return w
}

// variables adds those of an Environment with Variables.
func variables(w *fact.Workload, environment *cloud.Node) {
	supplies, more := environment.Get("Variables").Variables()
	w.Supplies = cloud.Over(w.Supplies, supplies)
	w.Imports = append(w.Imports, more...)
	if environment.IsUnknown() {
		w.Imports = append(w.Imports, environment.More()...)
	}
	if at := environment.KeyAt("Variables"); !at.IsZero() {
		w.EnvAt = at
	}
}

func (r *reader) lambda(res resource) {
	w := res.function()
	variables(&w, res.said.Get("Environment"))
	w.Uses = r.uses(res.said.Get("Environment", "Variables"), r.identity(res, false))
	code := res.said.Get("Code")
	if code.Get("ZipFile") != nil {
		return // it is in the template itself, and no component
	}
	if image := code.Get("ImageUri"); image != nil {
		w.Image = image.Shown()
	} else {
		r.code(&w, res, code, res.said.Get("Runtime"))
	}
	r.add(w)
}

// code says where the code of a function is, where that is a folder of the tree.
func (r *reader) code(w *fact.Workload, res resource, uri, runtime *cloud.Node) {
	folder := ""
	if uri.IsScalar() {
		folder = cloud.Source(path.Join(r.dir, uri.Text()))
	}
	cloud.Function(w, folder, res.said.Get("Handler").Text(), runtime.Text())
	// What esbuild makes has the name of its entry.
	if entries := res.meta.Get("BuildProperties", "EntryPoints").Texts(); len(entries) > 0 && folder != "" {
		w.Entry = path.Join(folder, entries[0])
	}
}

func (r *reader) packaged(res resource) {
	w := res.function()
	variables(&w, r.globals.Get("Environment"))
	variables(&w, res.said.Get("Environment"))
	by := r.identity(res, true)
	w.Uses = append(r.uses(r.globals.Get("Environment", "Variables"), by), r.uses(res.said.Get("Environment", "Variables"), by)...)
	either := func(key string) *cloud.Node {
		if n := res.said.Get(key); n != nil {
			return n
		}
		return r.globals.Get(key)
	}
	switch {
	case res.said.Get("InlineCode") != nil:
		return
	case either("PackageType").Text() == "Image":
		context := res.meta.Get("DockerContext")
		if !context.IsScalar() {
			w.Image = either("ImageUri").Shown()
			break
		}
		file := res.meta.Get("Dockerfile").Text()
		if file == "" {
			file = "Dockerfile"
		}
		dir := path.Join(r.dir, context.Text())
		w.Build = &fact.BuildFrom{Context: dir, Dockerfile: path.Join(dir, file), Target: res.meta.Get("DockerBuildTarget").Text(), At: res.meta.KeyAt("DockerContext")}
		w.Args = res.said.Get("ImageConfig", "Command").Texts()
	default:
		uri := either("CodeUri")
		if uri == nil {
			uri = cloud.Scalar(res.at, ".")
		}
		if res.said.Get("Handler") == nil {
			res.said = cloud.Map(res.at, append(res.said.Pairs(), cloud.Pair{Key: "Handler", At: res.at, Value: r.globals.Get("Handler")})...)
		}
		r.code(&w, res, uri, either("Runtime"))
	}
	r.add(w)
}

func (r *reader) appRunner(res resource) {
	w := fact.Workload{Name: res.name, Kind: "service", Platform: "app-runner", At: res.at, EnvAt: res.at, Replicas: 1}
	repository := res.said.Get("SourceConfiguration", "ImageRepository")
	w.Image = repository.Get("ImageIdentifier").Shown()
	c := repository.Get("ImageConfiguration")
	if c == nil {
		c = res.said.Get("SourceConfiguration", "CodeRepository", "CodeConfiguration", "CodeConfigurationValues")
	}
	if w.Image == "" {
		w.Code = "."
	}
	w.Supplies, w.Imports = c.Get("RuntimeEnvironmentVariables").Named("Name", "Value")
	secrets, more := c.Get("RuntimeEnvironmentSecrets").Named("Name", "Value")
	for _, s := range secrets {
		s.Value = fact.Unknowable("a secret of the account")
		w.Supplies = append(w.Supplies, s)
	}
	w.Imports = append(w.Imports, more...)
	if at := c.KeyAt("RuntimeEnvironmentVariables"); !at.IsZero() {
		w.EnvAt = at
	}
	if port := c.Get("Port"); port.Int() != 0 {
		w.Ports = []fact.Port{{Number: port.Int(), At: port.At}}
	}
	r.add(w)
}

// beanstalk reads the settings of an environment of Elastic Beanstalk
// (https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html).
func (r *reader) beanstalk(res resource) {
	w := fact.Workload{Name: res.name, Kind: "environment", Platform: "beanstalk", At: res.at, EnvAt: res.at, Code: ".", Replicas: 1}
	for _, s := range res.said.Get("OptionSettings").Items() {
		if name := s.Get("OptionName"); s.Get("Namespace").Text() == "aws:elasticbeanstalk:application:environment" && name.IsScalar() {
			w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: name.Text(), At: name.At, Value: s.Get("Value").Value()})
			w.EnvAt = res.said.KeyAt("OptionSettings")
		}
	}
	r.add(w)
}

func (r *reader) batch(res resource) {
	c := res.said.Get("ContainerProperties")
	w := fact.Workload{Name: res.name, Kind: "job", Platform: "ecs", At: res.at, EnvAt: res.at, Once: true, Replicas: 1, Image: c.Get("Image").Shown()}
	w.Args, w.StartAt = c.Get("Command").Texts(), c.KeyAt("Command")
	w.Supplies, w.Imports = c.Get("Environment").Named("Name", "Value")
	if at := c.KeyAt("Environment"); !at.IsZero() {
		w.EnvAt = at
	}
	if c.IsMap() {
		r.add(w)
	}
}
