package main

import (
	"encoding/binary"

	pdk "github.com/extism/go-pdk"
)

// add returns the sum of two integers, which come as 16 bytes. Most plug-ins would use
// JSON here; raw bytes are the fastest that Extism offers.
//
//go:wasmexport add
func add() int32 {
	in := pdk.Input()
	if len(in) != 16 {
		pdk.SetErrorString("add: expected two integers of 8 bytes")
		return 1
	}
	sum := binary.LittleEndian.Uint64(in) + binary.LittleEndian.Uint64(in[8:])
	var out [8]byte
	binary.LittleEndian.PutUint64(out[:], sum)
	pdk.Output(out[:])
	return 0
}

// size reads its input, whatever its length, and returns how many bytes it was.
//
//go:wasmexport size
func size() int32 {
	var out [8]byte
	binary.LittleEndian.PutUint64(out[:], uint64(len(pdk.Input())))
	pdk.Output(out[:])
	return 0
}

// nothing takes and returns nothing: what a call costs before there is any data.
//
//go:wasmexport nothing
func nothing() int32 {
	return 0
}
