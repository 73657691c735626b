// Command jq is a guest that runs queries of jq with the Go module gojq: Lua scripts use
// a library that was written for another language, without trusting it.
package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"sync"

	"github.com/itchyny/gojq"
	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func2("run", run, luago.Doc("run(query, value): a list of all results"))
	luago.Func2("each", each, luago.Doc("each(query, value): the results one by one, as a stream"))
}

func main() {}

// run collects all results. Errors of a query pass to Lua with their causes.
func run(ctx context.Context, query string, value any) ([]any, error) {
	results, err := each(ctx, query, value)
	if err != nil {
		return nil, err
	}
	var list []any
	for v, err := range results {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// each computes a result only when Lua asks for it.
func each(ctx context.Context, query string, value any) (iter.Seq2[any, error], error) {
	code, err := compile(query)
	if err != nil {
		return nil, err
	}
	input, err := plain(value)
	if err != nil {
		return nil, err
	}
	return func(yield func(any, error) bool) {
		results := code.RunWithContext(ctx, input)
		for {
			v, ok := results.Next()
			if !ok {
				return
			}
			if err, failed := v.(error); failed {
				yield(nil, fmt.Errorf("running the query: %w", err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}, nil
}

// compiled caches queries, as scripts use few of them often.
var compiled = struct {
	sync.Mutex
	codes map[string]*gojq.Code
}{codes: make(map[string]*gojq.Code)}

func compile(query string) (*gojq.Code, error) {
	compiled.Lock()
	defer compiled.Unlock()
	if code, ok := compiled.codes[query]; ok {
		return code, nil
	}
	parsed, err := gojq.Parse(query)
	if err != nil {
		return nil, fmt.Errorf("the query cannot be read: %w", err)
	}
	code, err := gojq.Compile(parsed)
	if err != nil {
		return nil, fmt.Errorf("the query cannot be compiled: %w", err)
	}
	if len(compiled.codes) >= 1000 {
		clear(compiled.codes)
	}
	compiled.codes[query] = code
	return code, nil
}

// plain converts values from Lua to the types that gojq knows.
func plain(value any) (any, error) {
	switch v := value.(type) {
	case nil, bool, float64, string:
		return v, nil
	case int64:
		return int(v), nil
	case []any:
		for i := range v {
			element, err := plain(v[i])
			if err != nil {
				return nil, err
			}
			v[i] = element
		}
		return v, nil
	case map[string]any:
		for key := range maps.Clone(v) {
			element, err := plain(v[key])
			if err != nil {
				return nil, err
			}
			v[key] = element
		}
		return v, nil
	case map[any]any:
		return nil, fmt.Errorf("jq knows only tables that are sequences or whose keys are strings and integers")
	default:
		return nil, fmt.Errorf("jq has no values like a Lua %T", value)
	}
}
