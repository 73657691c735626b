package main

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"

	"github.com/luago-project/luago/guests/go/luago"
)

type point struct{ X, Y float64 }

type shape struct {
	Name    string
	Corners []point
	Tags    map[string]int `lua:"tags,omitempty"`
	Parent  *shape         `lua:"parent,omitempty"`
}

type box struct {
	Title    string `lua:"title"`
	Min, Max point
	Words    []string
	Total    int
}

func init() {
	luago.Func2("add", func(_ context.Context, a, b int64) (int64, error) {
		return a + b, nil
	}, luago.NonBlocking)
	luago.Func2("half", func(_ context.Context, a, b float64) (float64, error) {
		return (a + b) / 2, nil
	}, luago.NonBlocking)
	luago.Register("sum", func(first int, rest ...int) (int, int) {
		for _, n := range rest {
			first += n
		}
		return first, 1 + len(rest)
	})
	luago.Func1("box", func(_ context.Context, s shape) (box, error) { return boxOf(s) })
	luago.Func1("echo", func(_ context.Context, v any) (any, error) { return v, nil })
	luago.Func1("load", func(_ context.Context, name string) (string, error) { return load(name) })
	luago.Bytes("invert", func(_ context.Context, data []byte) ([]byte, error) {
		for i := range data {
			data[i] = ^data[i]
		}
		return data, nil
	})
	luago.Func1("checksum", func(_ context.Context, data []byte) (uint32, error) {
		return crc32.ChecksumIEEE(data), nil
	}, luago.NonBlocking)
	luago.Func1("zeros", func(_ context.Context, size int) ([]byte, error) {
		return make([]byte, size), nil
	})
}

func boxOf(s shape) (box, error) {
	if len(s.Corners) == 0 {
		return box{}, fmt.Errorf("shape %q has no corners", s.Name)
	}
	b := box{Title: strings.ToUpper(s.Name), Min: s.Corners[0], Max: s.Corners[0]}
	for _, c := range s.Corners {
		b.Min = point{min(b.Min.X, c.X), min(b.Min.Y, c.Y)}
		b.Max = point{max(b.Max.X, c.X), max(b.Max.Y, c.Y)}
	}
	for word, n := range s.Tags {
		b.Words = append(b.Words, word)
		b.Total += n
	}
	slices.Sort(b.Words)
	if s.Parent != nil {
		b.Title = s.Parent.Name + "/" + b.Title
	}
	return b, nil
}

var errQuota = errors.New("no disk left")

// load fails in a way of its own for each name.
func load(name string) (string, error) {
	switch name {
	case "missing":
		return "", fmt.Errorf("load %q: %w", name, &fs.PathError{Op: "open", Path: "/etc/missing", Err: fs.ErrNotExist})
	case "full":
		return "", fmt.Errorf("load %q: %w", name, fmt.Errorf("write the cache: %w", errQuota))
	case "both":
		return "", errors.Join(errQuota, fs.ErrPermission)
	case "plain":
		return "", errQuota
	}
	return "the text of " + name, nil
}
