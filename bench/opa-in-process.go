// OPA as a library in a warm process: the peer of edits, decisions, parsing and formatting. Each line of input asks for rounds of one thing.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

type request struct {
	Policy, Data, Input, Query string
	// "parse" or "format": the policy's text alone, instead of a query.
	Work string
	// Every round compiles a text of its own before it decides.
	Edit   bool
	Rounds int
}

func read(file string) (any, error) {
	if file == "" {
		return map[string]any{}, nil
	}
	bytes, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var value any
	err = json.Unmarshal(bytes, &value)
	return value, err
}

func measure(r request) (map[string]any, error) {
	ctx := context.Background()
	policy, err := os.ReadFile(r.Policy)
	if err != nil {
		return nil, err
	}
	if r.Work != "" {
		return measureText(r, policy)
	}
	data, err := read(r.Data)
	if err != nil {
		return nil, err
	}
	input, err := read(r.Input)
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromObject(data.(map[string]any))
	prepare := func(text string) (rego.PreparedEvalQuery, error) {
		return rego.New(rego.Query(r.Query), rego.Module(r.Policy, text), rego.Store(store)).PrepareForEval(ctx)
	}
	prepared, err := prepare(string(policy))
	if err != nil {
		return nil, err
	}
	times := []float64{}
	var result any
	for round := range r.Rounds {
		started := time.Now()
		if r.Edit {
			if prepared, err = prepare(fmt.Sprintf("%s\n# edit %d\n", policy, round)); err != nil {
				return nil, err
			}
		}
		answers, err := prepared.Eval(ctx, rego.EvalInput(input))
		if err != nil {
			return nil, err
		}
		times = append(times, float64(time.Since(started).Nanoseconds())/1e6)
		if len(answers) > 0 {
			result = answers[0].Expressions[0].Value
		}
	}
	return map[string]any{"times": times, "result": result}, nil
}

func measureText(r request, policy []byte) (map[string]any, error) {
	times := []float64{}
	for range r.Rounds {
		started := time.Now()
		var err error
		if r.Work == "parse" {
			_, err = ast.ParseModule(r.Policy, string(policy))
		} else {
			_, err = format.SourceWithOpts(r.Policy, policy, format.Opts{RegoVersion: ast.RegoV1})
		}
		if err != nil {
			return nil, err
		}
		times = append(times, float64(time.Since(started).Nanoseconds())/1e6)
	}
	return map[string]any{"times": times}, nil
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var r request
		answer, err := map[string]any(nil), json.Unmarshal(in.Bytes(), &r)
		if err == nil {
			answer, err = measure(r)
		}
		if err != nil {
			answer = map[string]any{"error": err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			return
		}
	}
}
