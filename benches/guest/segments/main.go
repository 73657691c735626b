// Command segments is what the benchmark of segments calls.
package main

import (
	"context"
	"errors"
	"io"

	"github.com/luago-project/luago/guests/go/luago"
)

func main() {}

func init() {
	// touch looks at one byte, so that the segment has to be there.
	luago.Func1("touch", func(_ context.Context, s *luago.Segment) (int, error) {
		memory, err := s.Bytes()
		if err != nil {
			return 0, err
		}
		return len(memory) + int(memory[0]), nil
	}, luago.NonBlocking)
	luago.Func1("touch_text", func(_ context.Context, text []byte) (int, error) {
		return len(text) + int(text[0]), nil
	}, luago.NonBlocking)
	luago.Proc1("close", func(_ context.Context, s *luago.Segment) error { return s.Close() }, luago.NonBlocking)

	luago.Proc2("produce", produce)
	luago.Proc3("produce_batches", produceBatches)
	luago.Func1("consume", consume)
	luago.Func2("consume_batches", consumeBatches)

	luago.Func1("columns", columns)
	luago.Func1("rows", rows)
}

// The length of a message, in bytes.
const length = 64

func produce(ctx context.Context, to *luago.Sender, n int) error {
	message := make([]byte, length)
	for i := range n {
		message[0] = byte(i)
		if err := to.Send(ctx, message); err != nil {
			return err
		}
	}
	return to.Close()
}

func produceBatches(ctx context.Context, to *luago.Sender, n, size int) error {
	batch := make([][]byte, size)
	for i := range batch {
		batch[i] = make([]byte, length)
	}
	for sent := 0; sent < n; {
		part := batch[:min(size, n-sent)]
		for i := range part {
			part[i][0] = byte(sent + i)
		}
		if _, err := to.SendAll(ctx, part); err != nil {
			return err
		}
		sent += len(part)
	}
	return to.Close()
}

// consume gives the number of messages and the sum of their first bytes.
func consume(ctx context.Context, from *luago.Receiver) ([2]int, error) {
	var buffer [length]byte
	count, sum := 0, 0
	for {
		message, err := from.ReceiveInto(ctx, buffer[:])
		if errors.Is(err, io.EOF) {
			return [2]int{count, sum}, nil
		}
		if err != nil {
			return [2]int{}, err
		}
		count++
		sum += int(message[0])
	}
}

func consumeBatches(ctx context.Context, from *luago.Receiver, most int) ([2]int, error) {
	count, sum := 0, 0
	for {
		messages, err := from.ReceiveAll(ctx, most)
		if errors.Is(err, io.EOF) {
			return [2]int{count, sum}, nil
		}
		if err != nil {
			return [2]int{}, err
		}
		count += len(messages)
		for _, message := range messages {
			sum += int(message[0])
		}
	}
}
