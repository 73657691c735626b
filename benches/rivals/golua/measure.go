package main

import (
	"fmt"
	"slices"
	"time"
)

const (
	samples    = 21
	sampleTime = 30 * time.Millisecond
)

// measure times samples of calls that are long enough for the clock, and prints a line
// `name median_ns iterations`: the median of the samples in nanoseconds per call, and how
// many calls all samples together made.
func measure(name string, calls func(n int) error) error {
	sample := func(n int) (time.Duration, error) {
		start := time.Now()
		err := calls(n)
		return time.Since(start), err
	}

	// Finding the number of calls warms up what they run, too.
	n := 1
	for {
		took, err := sample(n)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if took >= sampleTime {
			break
		}
		n *= 2
	}
	figures := make([]float64, samples)
	for i := range figures {
		took, err := sample(n)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		figures[i] = float64(took.Nanoseconds()) / float64(n)
	}
	slices.Sort(figures)
	fmt.Printf("%s %.1f %d\n", name, figures[samples/2], n*samples)
	return nil
}
