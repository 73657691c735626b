package main

import (
	"context"
	"runtime"
	"unsafe"

	"github.com/luago-project/luago/guests/go/luago"
)

// What the host gives guests, without the package that uses it as it should be.

//go:wasmimport luago segment_new
func rawNew(size uint32) uint32

//go:wasmimport luago segment_map
func rawMap(handle uint32) int64

//go:wasmimport luago segment_window
func rawWindow(at, size uint32) uint32

//go:wasmimport luago segment_flags
func rawFlags(handle uint32) int64

//go:wasmimport luago segment_read_only
func rawReadOnly(handle uint32) uint32

//go:wasmimport luago segment_drop
func rawDrop(handle, count uint32)

//go:wasmimport luago segment_sync
func rawSync(handle uint32)

//go:wasmimport luago segment_error
func rawError(to, room uint32) uint32

//go:wasmimport luago ring_wait
func rawWait(handle, at, side, callID uint32) int32

//go:wasmimport luago ring_unwait
func rawUnwait(handle, at, side uint32)

//go:wasmimport luago ring_wake
func rawWake(handle, at, side uint32)

// given is memory that windows lie in, which must not be collected.
var given [][]byte

func one(name string, f func(a uint32) int64) {
	luago.Func1(name, func(_ context.Context, a int64) (int64, error) { return f(uint32(a)), nil },
		luago.NonBlocking)
}

func two(name string, f func(a, b uint32) int64) {
	luago.Func2(name, func(_ context.Context, a, b int64) (int64, error) {
		return f(uint32(a), uint32(b)), nil
	}, luago.NonBlocking)
}

func three(name string, f func(a, b, c uint32) int64) {
	luago.Func3(name, func(_ context.Context, a, b, c int64) (int64, error) {
		return f(uint32(a), uint32(b), uint32(c)), nil
	}, luago.NonBlocking)
}

func init() {
	one("raw_new", func(size uint32) int64 { return int64(rawNew(size)) })
	one("raw_map", rawMap)
	two("raw_window", func(at, size uint32) int64 { return int64(rawWindow(at, size)) })
	one("raw_flags", rawFlags)
	one("raw_read_only", func(handle uint32) int64 { return int64(rawReadOnly(handle)) })
	two("raw_drop", func(handle, count uint32) int64 {
		rawDrop(handle, count)
		return 0
	})
	one("raw_sync", func(handle uint32) int64 {
		rawSync(handle)
		return 0
	})
	two("raw_error", func(to, room uint32) int64 { return int64(rawError(to, room)) })
	luago.Func4("raw_wait", func(_ context.Context, handle, at, side, callID int64) (int64, error) {
		return int64(rawWait(uint32(handle), uint32(at), uint32(side), uint32(callID))), nil
	}, luago.NonBlocking)
	three("raw_unwait", func(handle, at, side uint32) int64 {
		rawUnwait(handle, at, side)
		return 0
	})
	three("raw_wake", func(handle, at, side uint32) int64 {
		rawWake(handle, at, side)
		return 0
	})
	// why is what the host says of the last of these that it refused.
	luago.Func0("why", func(context.Context) (string, error) {
		var text [512]byte
		n := rawError(uint32(uintptr(unsafe.Pointer(&text[0]))), uint32(len(text)))
		return string(text[:n]), nil
	}, luago.NonBlocking)
	// room is the address of memory that windows can lie in.
	one("room", func(size uint32) int64 {
		memory := make([]byte, int(size)+1<<16)
		given = append(given, memory)
		return int64(uintptr(unsafe.Pointer(&memory[0]))+0xffff) &^ 0xffff
	})
	two("poke", func(at, value uint32) int64 {
		*(*byte)(unsafe.Add(unsafe.Pointer(nil), at)) = byte(value)
		return 0
	})
	one("peek", func(at uint32) int64 { return int64(*(*byte)(unsafe.Add(unsafe.Pointer(nil), at))) })
	luago.Proc0("collect", func(context.Context) error {
		runtime.GC()
		runtime.GC()
		return nil
	})
}
