package cloud

import (
	"slices"
	"strings"
)

// granted are the services of AWS at whose resources an identity has to be let,
// as the actions of policies begin
// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
var granted = []string{"dynamodb", "s3", "secretsmanager", "sns", "sqs", "ssm"}

// Granted returns those of these services that the actions of a policy are about,
// sorted: "s3:GetObject" is about s3, and "*" about all.
func Granted(actions []string) []string {
	var kinds []string
	for _, kind := range granted {
		if slices.ContainsFunc(actions, func(action string) bool {
			service, _, _ := strings.Cut(action, ":")
			return service == kind || service == "*"
		}) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
