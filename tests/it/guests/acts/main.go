// Command acts is a guest for tests: it does what it is told to, well or badly.
package main

func main() {}
