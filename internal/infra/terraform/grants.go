package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// granted are the resources that an identity has to be let at, by type, and
// what their actions begin with
// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
var granted = map[string]string{
	"aws_secretsmanager_secret": "secretsmanager", "aws_secretsmanager_secret_version": "secretsmanager", "aws_ssm_parameter": "ssm",
	"aws_s3_bucket": "s3", "aws_sqs_queue": "sqs", "aws_sns_topic": "sns", "aws_dynamodb_table": "dynamodb",
}

// harmless are policies of AWS that let at nothing of these kinds
// (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
var harmless = []string{
	"AmazonECSTaskExecutionRolePolicy", "AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess",
	"AWSXrayWriteOnlyAccess", "CloudWatchAgentServerPolicy", "CloudWatchLogsFullAccess",
}

// kindOf returns the kind of the resource of an address below the module, ""
// for one that needs no grant.
func (m *module) kindOf(address string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(address, m.address), ".")
	return granted[kind]
}

// use returns what a value lets a workload use, where it is a part of such a
// resource.
func (r *resource) use(name string, at source.Span, value *cloud.Node, by *fact.Identity, starts bool) []fact.Use {
	kind := r.module.kindOf(value.Of())
	if by == nil || kind == "" {
		return nil
	}
	return []fact.Use{{Resource: strings.Replace(value.Of(), "_version.", ".", 1), Kind: kind, Name: name, At: at, Starts: starts, By: by}}
}

// identity returns the role of the module that a value is a part of, with what
// its policies say; nil where it is of no role of the module.
func (r *resource) identity(value *cloud.Node) *fact.Identity {
	m, local := r.module, ""
	var role *hclsyntax.Block
	for ; m != nil; m = m.above { // it may be handed to the module
		local = strings.TrimPrefix(value.Of(), m.address)
		if role = m.byName[local]; role != nil {
			break
		}
	}
	if role == nil || !strings.HasPrefix(local, "aws_iam_role.") {
		return nil
	}
	p := policies{module: m, found: &fact.Identity{Address: value.Of(), At: m.span(role.DefRange()), Whole: true}}
	said := m.body(role.Body, p.found.At, &scope{module: m})
	for _, inline := range said.Get("inline_policy").Items() {
		p.document(inline.Get("policy"), 0)
	}
	if arns := said.Get("managed_policy_arns"); !arns.IsNull() {
		p.arns(arns)
	}
	for _, b := range m.blocks {
		if !slices.Contains(mentions(b), local) {
			continue
		}
		switch sc := (&scope{module: m}); {
		case b.Type == "module":
			p.found.Whole = p.found.Whole && m.harmless(b)
		case b.Type != "resource":
		case b.Labels[0] == "aws_iam_role_policy":
			p.each(b, "policy", p.document)
		case b.Labels[0] == "aws_iam_role_policy_attachment", b.Labels[0] == "aws_iam_policy_attachment":
			if b.Body.Attributes["for_each"] != nil || b.Body.Attributes["count"] != nil {
				p.found.Whole = false
				continue
			}
			p.arn(m.attribute(b, "policy_arn", sc))
		case b.Labels[0] == "aws_iam_role_policies_exclusive", b.Labels[0] == "aws_iam_role_policy_attachments_exclusive":
			p.found.Whole = false
		}
	}
	// What is handed out of the module may be granted more there.
	for name, b := range m.declared {
		if strings.HasPrefix(name, "output.") && slices.Contains(mentions(b), local) {
			p.found.Whole = false
		}
	}
	return p.found
}

// harmless reports whether a call of a module grants nothing to a role that it is
// handed: the module is in the tree, and has nothing of the kind.
func (m *module) harmless(call *hclsyntax.Block) bool {
	c := m.calledModule(call)
	return c != nil && !slices.ContainsFunc(c.blocks, func(b *hclsyntax.Block) bool {
		return b.Type == "module" || strings.HasPrefix(b.Labels[0], "aws_iam_") || strings.HasSuffix(b.Labels[0], "_policy")
	})
}

// policyArguments are the arguments of the module of functions of the registry by
// which it attaches policies (https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws).
var policyArguments = []string{"attach_policy", "policy", "attach_policies", "policies", "assume_role_policy_statements", "attach_policy_json", "policy_json", "attach_policy_jsons", "policy_jsons"}

// made returns the role that a call of that module has made, with what its
// statements say.
func (r *resource) made() *fact.Identity {
	if role := r.said.Get("lambda_role"); !role.IsNull() {
		return r.identity(role)
	}
	p := policies{module: r.module, found: &fact.Identity{Address: r.address, At: r.at, Whole: true}}
	statements := r.said.Get("policy_statements")
	if _, open := statements.Open(); open || slices.ContainsFunc(policyArguments, func(key string) bool { return r.said.Get(key) != nil }) {
		p.found.Whole = false
	}
	var list []*cloud.Node
	for _, s := range statements.Pairs() {
		list = append(list, s.Value)
	}
	p.statements(cloud.List(statements.Place(), append(list, statements.Items()...)...), "effect", "actions", "resources")
	return p.found
}

// policies collects what the policies of a role let it at.
type policies struct {
	module *module
	found  *fact.Identity
}

func (p *policies) each(b *hclsyntax.Block, key string, read func(*cloud.Node, int)) {
	for _, sc := range p.module.instances(b) {
		read(p.module.attribute(b, key, sc), 0)
	}
}

func (p *policies) arns(list *cloud.Node) {
	if _, open := list.Open(); open {
		p.found.Whole = false
	}
	for _, item := range list.Items() {
		p.arn(item)
	}
}

// arn reads a policy by its name: one of AWS, or one of the module.
func (p *policies) arn(n *cloud.Node) {
	if n.IsScalar() {
		if !slices.Contains(harmless, n.Text()[strings.LastIndexByte(n.Text(), '/')+1:]) {
			p.found.Whole = false
		}
		return
	}
	local := strings.TrimPrefix(n.Of(), p.module.address)
	if b := p.module.byName[local]; b != nil && strings.HasPrefix(local, "aws_iam_policy.") {
		p.each(b, "policy", p.document)
		return
	}
	p.found.Whole = false
}

// document reads a policy: a text or value of JSON, or a data source
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document).
func (p *policies) document(n *cloud.Node, depth int) {
	local := strings.TrimPrefix(n.Of(), p.module.address)
	if b := p.module.byName[local]; b != nil && strings.HasPrefix(local, "data.aws_iam_policy_document.") && depth < maxDepth {
		for _, sc := range p.module.instances(b) {
			said := p.module.body(b.Body, p.module.span(b.DefRange()), sc)
			if said.Get("source_policy_documents") != nil || said.Get("override_policy_documents") != nil {
				p.found.Whole = false
			}
			p.statements(said.Get("statement"), "effect", "actions", "resources")
		}
		return
	}
	said := n.JSON()
	if !said.IsMap() {
		p.found.Whole = false
		return
	}
	statements := said.Get("Statement")
	if statements.IsMap() {
		statements = cloud.List(statements.At, statements)
	}
	p.statements(statements, "Effect", "Action", "Resource")
}

func (p *policies) statements(list *cloud.Node, effect, action, resource string) {
	if _, open := list.Open(); open {
		p.found.Whole = false
	}
	for _, s := range list.Items() {
		if s.Get(effect).Text() == "Deny" {
			continue
		}
		actions, resources := s.Get(action), s.Get(resource)
		kinds := kindsOf(actions)
		if s.Get("NotAction") != nil || s.Get("not_actions") != nil || actions.IsUnknown() {
			p.found.Whole = false
		}
		if len(kinds) == 0 {
			continue
		}
		if !resources.IsList() {
			resources = cloud.List(resources.Place(), resources)
		}
		if _, open := resources.Open(); open {
			p.found.Whole = false
		}
		for _, item := range resources.Items() {
			p.resource(kinds, item)
		}
	}
}

// resource notes what a statement is about. What is told by its name alone, or
// computed otherwise, may be any.
func (p *policies) resource(kinds []string, n *cloud.Node) {
	address := "*"
	if p.module.kindOf(n.Of()) != "" {
		address = strings.Replace(n.Of(), "_version.", ".", 1)
	}
	for _, kind := range kinds {
		p.found.Granted = append(p.found.Granted, fact.Granted{Kind: kind, Resource: address, At: n.Place()})
	}
}

// kindsOf returns the kinds of resources that actions are about.
func kindsOf(actions *cloud.Node) []string {
	texts := actions.Texts()
	if actions.IsScalar() {
		texts = []string{actions.Text()}
	}
	return cloud.Granted(texts)
}
