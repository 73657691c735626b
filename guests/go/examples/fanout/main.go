// Command fanout is a guest with work for the processor. With workers, as in
// --go fanout=fanout.wasm,workers=4, tasks that a script spawns run on several cores.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"strconv"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func2("primes", primes, luago.Doc("primes(from, to): how many primes from ≤ p < to there are"))
	luago.Func2("mine", mine, luago.Doc("mine(text, zeros): the first number that makes the hash of text..number start with zeros"))
}

func main() {}

// Goroutines are not preempted. Long computations have to let others run now and then, and to
// check their context: otherwise they could be neither cancelled nor timed out.
func pause(ctx context.Context) error {
	runtime.Gosched()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

func primes(ctx context.Context, from, to int) (int, error) {
	if from > to {
		return 0, fmt.Errorf("the range from %d to %d is empty", from, to)
	}
	count := 0
	for n := max(from, 2); n < to; n++ {
		if isPrime(n) {
			count++
		}
		if n%4096 == 0 {
			if err := pause(ctx); err != nil {
				return 0, fmt.Errorf("counting primes, at %d: %w", n, err)
			}
		}
	}
	return count, nil
}

func isPrime(n int) bool {
	if n%2 == 0 {
		return n == 2
	}
	for d := 3; d*d <= n; d += 2 {
		if n%d == 0 {
			return false
		}
	}
	return true
}

// Mined is what mine has found.
type Mined struct {
	Number int
	Hash   string
}

func mine(ctx context.Context, text string, zeros int) (Mined, error) {
	if zeros < 0 || zeros > 8 {
		return Mined{}, fmt.Errorf("zeros is to be from 0 to 8, and not %d", zeros)
	}
	for n := 0; ; n++ {
		sum := sha256.Sum256(strconv.AppendInt([]byte(text), int64(n), 10))
		hash := hex.EncodeToString(sum[:])
		if startsWithZeros(hash, zeros) {
			return Mined{n, hash}, nil
		}
		if n%1024 == 1023 {
			if err := pause(ctx); err != nil {
				return Mined{}, err
			}
		}
	}
}

func startsWithZeros(hash string, zeros int) bool {
	for _, digit := range hash[:zeros] {
		if digit != '0' {
			return false
		}
	}
	return true
}
