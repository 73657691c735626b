// Command gen writes the functions of package luago that exist once for each number of
// parameters. It is run by go generate.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"os"
	"strings"
	"text/template"
)

// output is the file that go generate writes, in the folder of the package.
const output = "funcs_gen.go"

//go:embed funcs.go.tmpl
var funcs string

// arity is what the template knows of the functions with one number of parameters.
type arity struct {
	Count int
	// The parameters in words, for comments.
	Words  string
	Params []param
}

type param struct {
	Number int
	Name   string
	Type   string
}

// join repeats a text for each parameter, with $n for its name, $T for its type, and a comma
// between them.
func (a arity) join(each string) string {
	parts := make([]string, len(a.Params))
	for i, p := range a.Params {
		parts[i] = strings.NewReplacer("$n", p.Name, "$T", p.Type).Replace(each)
	}
	return strings.Join(parts, ", ")
}

// Types lists the types of the parameters: "A, B".
func (a arity) Types() string { return a.join("$T") }

// Names lists the names of the parameters: "a, b".
func (a arity) Names() string { return a.join("$n") }

// Declared lists the parameters: "ctx context.Context, a A, b B".
func (a arity) Declared() string { return list("ctx context.Context", a.join("$n $T")) }

// Signature lists the types of the parameters with the context: "context.Context, A, B".
func (a arity) Signature() string { return list("context.Context", a.Types()) }

// Args lists the arguments of a call: a context and fields of the values in v.
func (a arity) Args(ctx string) string { return list(ctx, a.join("v.$n")) }

// Passed lists the arguments of a call that passes its own parameters on: "ctx, a, b".
func (a arity) Passed() string { return list("ctx", a.Names()) }

// FuncTypes lists the type parameters of a function with a result: "A, B, R".
func (a arity) FuncTypes() string { return list(a.Types(), "R") }

// list joins those of the texts that are not empty with commas.
func list(texts ...string) string {
	var parts []string
	for _, text := range texts {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

func arities() []arity {
	words := []string{"no parameters", "one parameter", "two parameters", "three parameters", "four parameters"}
	list := make([]arity, len(words))
	for count := range list {
		a := arity{Count: count, Words: words[count]}
		for i := range count {
			a.Params = append(a.Params, param{Number: i + 1, Name: string("abcd"[i]), Type: string("ABCD"[i])})
		}
		list[count] = a
	}
	return list
}

// generate returns the contents of the file.
func generate() ([]byte, error) {
	t, err := template.New("funcs").Parse(funcs)
	if err != nil {
		return nil, err
	}
	var source bytes.Buffer
	if err := t.Execute(&source, arities()); err != nil {
		return nil, err
	}
	return format.Source(source.Bytes())
}

func main() {
	source, err := generate()
	if err == nil {
		err = os.WriteFile(output, source, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
