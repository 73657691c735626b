// Command scenarios is the Go guest of the harness's scenarios: small functions, each with
// one behaviour for a Lua script to see. What they give is the same on every machine, with
// every version of Go.
package main

func main() {}
