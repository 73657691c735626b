package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func1("getenv", func(_ context.Context, name string) (string, error) {
		return os.Getenv(name), nil
	})
	luago.Func1("read", func(_ context.Context, path string) (string, error) {
		data, err := os.ReadFile(path)
		return string(data), err
	})
	luago.Proc2("write", func(_ context.Context, path, text string) error {
		return os.WriteFile(path, []byte(text), 0o644)
	})
	luago.Proc1("print", func(_ context.Context, text string) error {
		_, err := fmt.Println(text)
		return err
	})
	luago.Proc1("print_directly", func(_ context.Context, text string) error {
		_, err := fmt.Println(text)
		return err
	}, luago.NonBlocking)
	luago.Proc1("complain", func(_ context.Context, text string) error {
		_, err := fmt.Fprintln(os.Stderr, text)
		return err
	})
	luago.Func1("dice", func(_ context.Context, n int) (string, error) {
		var rolls []string
		faces := map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true}
		for range n {
			for face := range faces {
				rolls = append(rolls, fmt.Sprint(face, rand.IntN(100)))
				break
			}
		}
		return strings.Join(rolls, " "), nil
	})
	luago.Func0("now", func(context.Context) (float64, error) {
		return float64(time.Now().UnixNano()) / 1e9, nil
	})
}
