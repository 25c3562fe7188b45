// Real OPA's answers to programs, as its server gives them: a program and its questions on each line read, an answer on each
// line written. See fuzz/engine/library-oracle.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/print"
	"github.com/open-policy-agent/opa/v1/util"
)

type asked struct {
	Modules   []string        `json:"modules"`
	Data      json.RawMessage `json:"data"`
	Questions []question      `json:"questions"`
}

type question struct {
	Path   string          `json:"path"`
	Input  json.RawMessage `json:"input"`
	Strict bool            `json:"strict"`
}

type answer struct {
	Kind   string   `json:"kind"`
	Result any      `json:"result,omitempty"`
	Faults []fault  `json:"faults"`
	Prints []string `json:"prints"`
}

// What ended the evaluation, or what builtins complained of.
type fault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Place   string `json:"place"`
}

// Endless recursion ends the process sooner than Go would.
const mostStack = 256 << 20

// A query that is prepared once.
type prepared struct {
	path   string
	strict bool
}

// What was printed, each with its place.
type printed struct{ lines []string }

func (p *printed) Print(at print.Context, text string) error {
	p.lines = append(p.lines, fmt.Sprintf("%s:%d: %s", at.Location.File, at.Location.Row, text))
	return nil
}

func main() {
	debug.SetMaxStack(mostStack)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var one asked
		if err := json.Unmarshal(line, &one); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		answers(one, func(next answer) {
			if err := encoder.Encode(next); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			out.Flush()
		})
	}
}

func answers(one asked, say func(answer)) {
	ctx := context.Background()
	compiler, store, refused := load(ctx, one)
	queries := map[prepared]*rego.PreparedEvalQuery{}
	for _, next := range one.Questions {
		if refused != nil {
			say(*refused)
			continue
		}
		say(decide(ctx, compiler, store, queries, next))
	}
}

func refusal(message string) *answer {
	return &answer{Kind: "refused", Faults: []fault{{Message: message}}}
}

func load(ctx context.Context, one asked) (*ast.Compiler, storage.Store, *answer) {
	var data map[string]any
	if err := util.UnmarshalJSON(one.Data, &data); err != nil {
		return nil, nil, refusal(err.Error())
	}
	store := inmem.NewFromObject(data)
	modules := map[string]*ast.Module{}
	for at, text := range one.Modules {
		name := fmt.Sprintf("m%d", at)
		module, err := ast.ParseModule(name, text)
		if err != nil {
			return nil, nil, refusal(err.Error())
		}
		modules[name] = module
	}
	txn := storage.NewTransactionOrDie(ctx, store)
	defer store.Abort(ctx, txn)
	compiler := ast.NewCompiler().
		WithPathConflictsCheck(storage.NonEmpty(ctx, store, txn)).
		WithEnablePrintStatements(true)
	if compiler.Compile(modules); compiler.Failed() {
		return nil, nil, refusal(compiler.Errors.Error())
	}
	return compiler, store, nil
}

func decide(
	ctx context.Context,
	compiler *ast.Compiler,
	store storage.Store,
	queries map[prepared]*rego.PreparedEvalQuery,
	next question,
) answer {
	failed := func(code string, err error) answer {
		return answer{Kind: "error", Faults: []fault{{Code: code, Message: err.Error()}}}
	}
	input, err := ast.ValueFromReader(strings.NewReader(string(next.Input)))
	if err != nil {
		return failed("invalid_parameter", err)
	}
	key := prepared{next.Path, next.Strict}
	query := queries[key]
	if query == nil {
		made, err := rego.New(
			rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(document(next.Path))))),
			rego.Compiler(compiler),
			rego.Store(store),
			rego.StrictBuiltinErrors(next.Strict),
		).PrepareForEval(ctx)
		if err != nil {
			return failed("internal_error", err)
		}
		query = &made
		queries[key] = query
	}
	var complaints []topdown.Error
	prints := &printed{lines: []string{}}
	results, err := query.Eval(ctx, rego.EvalParsedInput(input), rego.EvalBuiltinErrorList(&complaints), rego.EvalPrintHook(prints))
	if halted, ok := err.(*topdown.Error); ok {
		return answer{Kind: "error", Faults: []fault{faultOf(halted)}, Prints: prints.lines}
	}
	if err != nil {
		return failed("internal_error", err)
	}
	faults := make([]fault, len(complaints))
	for at := range complaints {
		faults[at] = faultOf(&complaints[at])
	}
	if len(results) == 0 {
		return answer{Kind: "undefined", Faults: faults, Prints: prints.lines}
	}
	return answer{Kind: "value", Result: &results[0].Expressions[0].Value, Faults: faults, Prints: prints.lines}
}

func faultOf(err *topdown.Error) fault {
	found := fault{Code: err.Code, Message: err.Message}
	if at := err.Location; at != nil {
		found.Place = fmt.Sprintf("%s:%d:%d", at.File, at.Row, at.Col)
	}
	return found
}

func document(path string) ast.Ref {
	ref := ast.Ref{ast.DefaultRootDocument}
	for part := range strings.SplitSeq(path, "/") {
		ref = append(ref, ast.StringTerm(part))
	}
	return ref
}
