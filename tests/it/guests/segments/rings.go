package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/luago-project/luago/guests/go/luago"
)

var (
	heldSender   *luago.Sender
	heldReceiver *luago.Receiver
)

type ends struct {
	Sender   *luago.Sender
	Receiver *luago.Receiver
}

func init() {
	luago.Func1("ring", func(_ context.Context, capacity int) (ends, error) {
		from, to, err := luago.NewRing(capacity)
		return ends{from, to}, err
	}, luago.NonBlocking)
	// produce sends the numbers from 1 to n in decimal, and closes the ring.
	luago.Proc2("produce", func(ctx context.Context, to *luago.Sender, n int) error {
		var buffer []byte
		for i := range n {
			buffer = strconv.AppendInt(buffer[:0], int64(i+1), 10)
			if err := to.Send(ctx, buffer); err != nil {
				return err
			}
		}
		return to.Close()
	})
	luago.Proc3("produce_batches", func(ctx context.Context, to *luago.Sender, n, size int) error {
		var batch [][]byte
		for i := range n {
			batch = append(batch, strconv.AppendInt(nil, int64(i+1), 10))
			if len(batch) == size || i == n-1 {
				if _, err := to.SendAll(ctx, batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
		}
		return to.Close()
	})
	// produce_fixed sends n messages of a size, as fast as it can.
	luago.Proc3("produce_fixed", func(ctx context.Context, to *luago.Sender, n, size int) error {
		message := make([]byte, size)
		for i := range n {
			if size > 0 {
				message[0] = byte(i)
			}
			if err := to.Send(ctx, message); err != nil {
				return err
			}
		}
		return to.Close()
	})
	// consume gives how many messages there were up to the end, the checksum of their bytes
	// and the error that the sender closed the ring with.
	luago.Register("consume", func(ctx context.Context, from *luago.Receiver) (count int, checksum uint32, why *string, err error) {
		var buffer []byte
		for {
			message, err := from.ReceiveInto(ctx, buffer)
			if errors.Is(err, io.EOF) {
				return count, checksum, nil, nil
			}
			var failed *luago.Error
			if errors.As(err, &failed) {
				return count, checksum, &failed.Message, nil
			}
			if err != nil {
				return count, checksum, nil, err
			}
			buffer = message
			count++
			checksum = sumOf(checksum, message)
		}
	})
	luago.Register("consume_batches", func(ctx context.Context, from *luago.Receiver, most int) (count int, checksum uint32, err error) {
		for {
			messages, err := from.ReceiveAll(ctx, most)
			if errors.Is(err, io.EOF) {
				return count, checksum, nil
			}
			if err != nil {
				return count, checksum, err
			}
			for _, message := range messages {
				count++
				checksum = sumOf(checksum, message)
			}
		}
	})
	// receive gives a message, or nil at the end.
	luago.Func1("receive", func(ctx context.Context, from *luago.Receiver) (any, error) {
		message, err := from.Receive(ctx)
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return message, err
	})
	// receive_directly must not wait, and so fails where there is nothing.
	luago.Func1("receive_directly", func(ctx context.Context, from *luago.Receiver) ([]byte, error) {
		return from.Receive(ctx)
	}, luago.NonBlocking)
	luago.Func1("try_receive", func(_ context.Context, from *luago.Receiver) (string, error) {
		message, ok, err := from.TryReceive()
		if err != nil {
			return err.Error(), nil
		}
		if !ok {
			return "empty", nil
		}
		return "got " + string(message), nil
	}, luago.NonBlocking)
	luago.Func2("try_send", func(_ context.Context, to *luago.Sender, message string) (bool, error) {
		return to.TrySend([]byte(message))
	}, luago.NonBlocking)
	luago.Proc2("send", func(ctx context.Context, to *luago.Sender, message string) error {
		return to.Send(ctx, []byte(message))
	})
	luago.Proc2("fail", func(_ context.Context, to *luago.Sender, text string) error {
		return to.CloseWithError(errors.New(text))
	}, luago.NonBlocking)
	luago.Proc2("refuse", func(_ context.Context, from *luago.Receiver, text string) error {
		return from.CloseWithError(errors.New(text))
	}, luago.NonBlocking)
	luago.Proc1("close_sender", func(_ context.Context, to *luago.Sender) error { return to.Close() },
		luago.NonBlocking)
	luago.Proc1("close_receiver", func(_ context.Context, from *luago.Receiver) error { return from.Close() },
		luago.NonBlocking)
	// between sends n messages from one goroutine to another one of the same guest.
	luago.Func2("between", func(ctx context.Context, capacity, n int) (int, error) {
		to, from, err := luago.NewRing(capacity)
		if err != nil {
			return 0, err
		}
		luago.Go(ctx, func(ctx context.Context) {
			for i := range n {
				if to.Send(ctx, []byte(strconv.Itoa(i))) != nil {
					return
				}
			}
			to.Close()
		})
		count := 0
		for message, err := range from.Messages(ctx) {
			if err != nil {
				return count, err
			}
			if string(message) != strconv.Itoa(count) {
				return count, fmt.Errorf("message %d is %q", count, message)
			}
			count++
		}
		return count, nil
	})
	luago.Proc1("hold_sender", func(_ context.Context, to *luago.Sender) error {
		heldSender = to
		return nil
	}, luago.NonBlocking)
	luago.Proc1("hold_receiver", func(_ context.Context, from *luago.Receiver) error {
		heldReceiver = from
		return nil
	}, luago.NonBlocking)
	luago.Func0("held", func(context.Context) (ends, error) { return ends{heldSender, heldReceiver}, nil },
		luago.NonBlocking)
}

// sumOf continues a checksum that Lua can make too.
func sumOf(sum uint32, message []byte) uint32 {
	for _, b := range message {
		sum = sum*31 + uint32(b)
	}
	return sum
}
