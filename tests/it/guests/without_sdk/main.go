// Command without_sdk is a reactor that knows nothing of luago.
package main

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

func main() {}
