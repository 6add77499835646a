package cloud

import (
	"slices"
	"testing"
)

func TestGranted(t *testing.T) {
	for _, c := range []struct{ actions, want []string }{
		{[]string{"s3:GetObject", "s3:PutObject", "ec2:Describe*"}, []string{"s3"}},
		{[]string{"sqs:*", "dynamodb:Query"}, []string{"dynamodb", "sqs"}},
		{[]string{"*"}, []string{"dynamodb", "s3", "secretsmanager", "sns", "sqs", "ssm"}},
		{nil, nil},
	} {
		if got := Granted(c.actions); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, not %q", c.actions, got, c.want)
		}
	}
}
