// The plug-in that Extism's host calls: built with the stock Go toolchain, as a reactor,
// like luago's guests.
package main

// A reactor has no main of its own: the host calls what exports_wasip1.go exports.
func main() {}
