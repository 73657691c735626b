// Command foreign_import is a guest that imports what no host of luago has.
package main

import (
	"context"

	"github.com/luago-project/luago/guests/go/luago"
)

//go:wasmimport env launch
func launch(code int32) int32

func init() {
	luago.Func1("launch", func(_ context.Context, code int32) (int32, error) {
		return launch(code), nil
	})
}

func main() {}
