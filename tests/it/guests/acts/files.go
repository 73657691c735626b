package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func1("why", func(_ context.Context, path string) (string, error) {
		_, err := os.ReadFile(path)
		return fmt.Sprint(errors.Is(err, fs.ErrNotExist), " ", err), nil
	})
	luago.Func1("list", func(_ context.Context, path string) (string, error) {
		entries, err := os.ReadDir(path)
		if err != nil {
			return "", err
		}
		var names []string
		for _, entry := range entries {
			names = append(names, fmt.Sprintf("%q", entry.Name()))
		}
		return strings.Join(names, " "), nil
	})
	luago.Func1("chdir", func(_ context.Context, path string) (string, error) {
		if err := os.Chdir(path); err != nil {
			return "", err
		}
		return os.Getwd()
	})
	luago.Func0("temp", func(context.Context) (string, error) {
		_, err := os.CreateTemp("", "x")
		return fmt.Sprint(errors.Is(err, fs.ErrNotExist)), nil
	})
	luago.Func1("null", func(_ context.Context, text string) (string, error) {
		if err := os.WriteFile(os.DevNull, []byte(text), 0o600); err != nil {
			return "", err
		}
		data, err := os.ReadFile(os.DevNull)
		return string(data), err
	})
}
