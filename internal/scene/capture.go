package scene

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
)

// response is the CEL environment of captures: what rehearse.yaml may speak of.
var response = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.Variable("status", cel.IntType),
		cel.Variable("headers", cel.MapType(cel.StringType, cel.StringType)),
		cel.Variable("body", cel.StringType),
		cel.Variable("json", cel.DynType),
	)
})

// compile makes an expression of rehearse.yaml ready to be evaluated. The error
// says what is wrong with it.
func compile(expression string) (cel.Program, error) {
	env, err := response()
	if err != nil {
		return nil, err
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	return env.Program(ast, cel.CostLimit(100_000))
}

// capture evaluates an expression over an answer.
func capture(expression string, answer Answer) (string, error) {
	program, err := compile(expression)
	if err != nil {
		return "", err
	}
	headers := map[string]string{}
	for name, values := range answer.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	var decoded any
	if strings.Contains(answer.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(answer.Body, &decoded); err != nil {
			return "", err
		}
	}
	value, _, err := program.Eval(map[string]any{
		"status": answer.Status, "headers": headers, "body": string(answer.Body), "json": decoded,
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprint(value.Value()), nil
}
