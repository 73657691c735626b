//go:build !wasip1

package luago

import "sync"

// lock is a plain mutex where goroutines run in parallel, as in tests.
type lock = sync.Mutex
