//go:build !wasip1

package luago

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// importsOf builds a guest and lists what it imports besides WASI.
func importsOf(t *testing.T, program string) []string {
	t.Helper()
	folder := t.TempDir()
	own, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	module := "module guest\n\ngo 1.24\n\nrequire github.com/luago-project/luago/guests/go/luago v0.0.0\n\nreplace github.com/luago-project/luago/guests/go/luago => " + own + "\n"
	for name, text := range map[string]string{"go.mod": module, "main.go": program} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command(filepath.Join(runtime.GOROOT(), "bin", "go"), "build", "-buildmode=c-shared", "-o", "guest.wasm", ".")
	build.Dir = folder
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wasm, err := os.ReadFile(filepath.Join(folder, "guest.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range importNames(wasm[8:]) {
		if !strings.HasPrefix(name, "wasi_snapshot_preview1.") {
			names = append(names, name)
		}
	}
	return names
}

// importNames reads the section of imports, all of which are functions.
func importNames(sections []byte) (names []string) {
	for len(sections) > 0 {
		kind := sections[0]
		size, n := binary.Uvarint(sections[1:])
		body := sections[1+n:][:size]
		sections = sections[1+n+int(size):]
		if kind != 2 {
			continue
		}
		count, n := binary.Uvarint(body)
		body = body[n:]
		text := func() string {
			size, n := binary.Uvarint(body)
			text := string(body[n:][:size])
			body = body[n+int(size):]
			return text
		}
		for range count {
			names = append(names, text()+"."+text())
			_, n := binary.Uvarint(body[1:])
			body = body[1+n:]
		}
	}
	return names
}

func TestAGuestThatUsesNoSegmentsImportsNothingForThem(t *testing.T) {
	found := importsOf(t, `package main

import (
	"context"
	"fmt"
	"io"
	"reflect"

	"github.com/luago-project/luago/guests/go/luago"
)

func main() {}

func init() {
	luago.Func1("echo", func(_ context.Context, v any) (any, error) { return v, nil })
	luago.Bytes("bytes", func(_ context.Context, b []byte) ([]byte, error) { return b, nil })
	luago.Raw("raw", func(_ context.Context, args *luago.Args, out *luago.Results) error {
		v, err := args.Value(0)
		if c, ok := v.(io.Closer); ok {
			err = c.Close()
		}
		if m := reflect.ValueOf(v).MethodByName(fmt.Sprint(v)); m.IsValid() {
			m.Call(nil)
		}
		return err
	})
	luago.Func1("call", func(ctx context.Context, name string) ([]any, error) { return luago.Call(ctx, name) })
	luago.Register("any", func(ctx context.Context, f luago.Function, more ...map[string]any) error { return ctx.Err() })
	luago.Go(context.Background(), func(context.Context) {})
}
`)
	if len(found) != 0 {
		t.Error(found)
	}
}

func TestAGuestImportsWhatItsTypesNeed(t *testing.T) {
	found := strings.Join(importsOf(t, `package main

import (
	"context"

	"github.com/luago-project/luago/guests/go/luago"
)

func main() {}

func init() {
	luago.Func1("length", func(_ context.Context, v luago.View[float64]) (int, error) { return v.Len(), nil })
}
`), " ")
	for _, name := range []string{"segment_map", "segment_window", "segment_drop"} {
		if !strings.Contains(found, "luago."+name) {
			t.Errorf("%s is missing in %s", name, found)
		}
	}
}
