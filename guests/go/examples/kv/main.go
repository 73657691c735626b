// Command kv is a guest that keeps values by key for as long as it lives. A task can wait for a
// value that another task sets.
package main

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/luago-project/luago/guests/go/luago"
)

// store keeps values, and notifies those who wait of each change.
type store struct {
	mu      sync.Mutex
	values  map[string]any
	count   map[string]int // the number of changes of a key
	changed chan struct{}  // closed and replaced at each change
}

// Change is a step of watch.
type Change struct {
	Key   string
	Value any
}

func init() {
	s := &store{values: make(map[string]any), count: make(map[string]int), changed: make(chan struct{})}
	// Each call has a goroutine of its own, and may wait without holding up the others.
	luago.Proc2("set", s.set, luago.Doc("set(key, value): keeps a value; nil removes it"))
	luago.Register("get", s.get, luago.Doc("get(key): the value, and whether there is one"))
	luago.Func1("wait", s.wait, luago.Doc("wait(key): the value, as soon as there is one"))
	luago.Func1("watch", s.watch, luago.Doc("watch(key): every value from now on, as a stream"))
	luago.Func0("keys", s.keys, luago.Doc("keys(): all keys, sorted"))
}

func main() {}

func (s *store) set(_ context.Context, key string, value any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value == nil {
		delete(s.values, key)
	} else {
		s.values[key] = value
	}
	s.count[key]++
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// get has two results, which Register allows.
func (s *store) get(key string) (any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	return value, ok
}

// look returns the value, how often it has changed, and a channel that is closed at the next
// change of any value.
func (s *store) look(key string) (any, int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key], s.count[key], s.changed
}

// wait ends early if Lua cancels the task or its deadline passes: then the context ends.
func (s *store) wait(ctx context.Context, key string) (any, error) {
	for {
		value, _, changed := s.look(key)
		if value != nil {
			return value, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// watch is a stream, because of the type of its result. Its context lasts until Lua
// leaves the loop.
func (s *store) watch(ctx context.Context, key string) (iter.Seq[Change], error) {
	_, seen, changed := s.look(key)
	return func(yield func(Change) bool) {
		for {
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
			var value any
			var count int
			value, count, changed = s.look(key)
			if count != seen && !yield(Change{key, value}) {
				return
			}
			seen = count
		}
	}, nil
}

func (s *store) keys(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.values)), nil
}
