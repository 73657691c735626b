package main

import (
	"context"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

// started tells instances of the guest apart.
var started = time.Now()

func init() {
	luago.Func2("primes", func(_ context.Context, from, to int) (int, error) {
		found := 0
		for n := max(from, 2); n < to; n++ {
			if isPrime(n) {
				found++
			}
		}
		return found, nil
	})
	luago.Func1("instance", func(_ context.Context, ms int) (int64, error) {
		time.Sleep(time.Duration(ms) * time.Millisecond)
		return started.UnixNano() % 1e15, nil
	})
}

func isPrime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return true
}
