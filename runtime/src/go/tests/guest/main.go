// Guest is a Go guest that speaks the ABI by itself and misbehaves on request.
package main

func main() {}
