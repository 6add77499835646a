package cloudformation

import (
	"slices"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// granted are the resources that an identity has to be let at, by type, and what
// their actions begin with
// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
var granted = map[string]string{
	"AWS::DynamoDB::Table": "dynamodb", "AWS::DynamoDB::GlobalTable": "dynamodb", "AWS::Serverless::SimpleTable": "dynamodb", "AWS::SQS::Queue": "sqs",
	"AWS::S3::Bucket": "s3", "AWS::SNS::Topic": "sns", "AWS::SecretsManager::Secret": "secretsmanager", "AWS::SSM::Parameter": "ssm",
}

// templates are what the names of the policies of the Serverless Application Model
// begin with that are about these kinds
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html).
var templates = map[string]string{
	"DynamoDB": "dynamodb", "SQS": "sqs", "S3": "s3", "SNS": "sns", "AWSSecretsManager": "secretsmanager", "SSM": "ssm",
}

// harmless are managed policies of AWS that let at nothing of these kinds
// (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
var harmless = []string{
	"AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess", "AmazonECSTaskExecutionRolePolicy",
	"CloudWatchLambdaInsightsExecutionRolePolicy",
}

// uses returns what the variables of a function tell it of, where it is of the
// template.
func (r *reader) uses(variables *cloud.Node, by *fact.Identity) []fact.Use {
	if by == nil {
		return nil
	}
	var all []fact.Use
	for _, p := range variables.Pairs() {
		if kind := r.kindOf(p.Value.Of()); kind != "" {
			all = append(all, fact.Use{Resource: p.Value.Of(), Kind: kind, Name: p.Key, At: p.At, By: by})
		}
	}
	return all
}

func (r *reader) kindOf(name string) string {
	return granted[r.root.Get("Resources", name, "Type").Text()]
}

// identity returns whom a function acts as: a role of the template, or the one
// that is made of its policies.
func (r *reader) identity(res resource, own bool) *fact.Identity {
	if role := res.said.Get("Role"); !role.IsNull() {
		return r.role(role.Of())
	}
	if !own {
		return nil
	}
	g := grants{reader: r, found: &fact.Identity{Address: res.name, At: res.at, Whole: true}}
	g.list(res.said.Get("Policies"))
	for _, event := range res.said.Get("Events").Pairs() {
		if kind := templates[event.Value.Get("Type").Text()]; kind != "" {
			g.add(kind, "*", event.At) // what it is told by it is let at
		}
	}
	for _, p := range r.root.Get("Resources").Pairs() {
		switch p.Value.Get("Type").Text() {
		case "AWS::Serverless::Connector":
			g.found.Whole = false // it grants what it connects
		case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
			for _, role := range r.node(p.Value.Get("Properties", "Roles"), 0).Items() {
				if strings.HasPrefix(role.Why(), res.name) {
					g.found.Whole = false
				}
			}
		}
	}
	return g.found
}

// role returns a role of the template with what its policies say; nil for another.
func (r *reader) role(name string) *fact.Identity {
	role := r.root.Get("Resources", name)
	if role.Get("Type").Text() != "AWS::IAM::Role" {
		return nil
	}
	g := grants{reader: r, found: &fact.Identity{Address: name, At: role.Place(), Whole: true}}
	said := r.node(role.Get("Properties"), 0)
	for _, p := range said.Get("Policies").Items() {
		g.policy(p.Get("PolicyDocument"))
	}
	g.list(said.Get("ManagedPolicyArns"))
	for _, p := range r.root.Get("Resources").Pairs() {
		if kind := p.Value.Get("Type").Text(); kind != "AWS::IAM::Policy" && kind != "AWS::IAM::ManagedPolicy" {
			continue
		}
		more := r.node(p.Value.Get("Properties"), 0)
		if slices.ContainsFunc(more.Get("Roles").Items(), func(n *cloud.Node) bool { return n.Of() == name }) {
			g.policy(more.Get("PolicyDocument"))
		}
	}
	return g.found
}

// grants collects what policies let an identity at.
type grants struct {
	*reader
	found *fact.Identity
}

// list reads policies: names of managed ones, statements, templates of policies.
func (g *grants) list(policies *cloud.Node) {
	if policies.IsNull() {
		return
	}
	items := policies.Items()
	if !policies.IsList() {
		items = []*cloud.Node{policies}
	}
	for _, p := range items {
		switch {
		case p.IsScalar():
			if !slices.Contains(harmless, p.Text()[strings.LastIndexByte(p.Text(), '/')+1:]) {
				g.found.Whole = false
			}
		case p.Get("Statement") != nil:
			g.policy(p)
		case len(p.Pairs()) == 1:
			g.template(p.Pairs()[0])
		default:
			g.found.Whole = false
		}
	}
}

// template reads a policy by its name and what it is about.
func (g *grants) template(p cloud.Pair) {
	for prefix, kind := range templates {
		if !strings.HasPrefix(p.Key, prefix) {
			continue
		}
		for _, about := range p.Value.Pairs() {
			g.about(kind, about.Value)
		}
		if len(p.Value.Pairs()) == 0 {
			g.add(kind, "*", p.At)
		}
		return
	}
}

func (g *grants) policy(document *cloud.Node) {
	statements := document.Get("Statement")
	if statements.IsMap() {
		statements = cloud.List(statements.At, statements)
	}
	if !statements.IsList() {
		g.found.Whole = false
		return
	}
	for _, s := range statements.Items() {
		if s.Get("Effect").Text() == "Deny" {
			continue
		}
		actions := s.Get("Action")
		texts := actions.Texts()
		if actions.IsScalar() {
			texts = []string{actions.Text()}
		}
		if s.Get("NotAction") != nil || len(texts) == 0 {
			g.found.Whole = false
		}
		resources := s.Get("Resource").Items()
		if !s.Get("Resource").IsList() {
			resources = []*cloud.Node{s.Get("Resource")}
		}
		for _, kind := range cloud.Granted(texts) {
			for _, about := range resources {
				g.about(kind, about)
			}
		}
	}
}

// about notes what is let at: what is told by its name alone may be any.
func (g *grants) about(kind string, n *cloud.Node) {
	if g.kindOf(n.Of()) == kind {
		g.add(kind, n.Of(), n.Place())
		return
	}
	g.add(kind, "*", n.Place())
}

func (g *grants) add(kind, resource string, at source.Span) {
	g.found.Granted = append(g.found.Granted, fact.Granted{Kind: kind, Resource: resource, At: at})
}
