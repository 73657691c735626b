// Native Lua and native Go that call each other through cgo, with golua: the rival,
// without any sandbox, of a Lua script that calls a Go guest of luago.
//
// golua has no pooled or batched way to cross: each argument that Go reads and each result
// that it pushes is a cgo call of its own, and its users pay for that, so it counts. Of
// golua's two ways to register a function both are measured; compare with the faster.
package main

import (
	"fmt"
	"os"

	"github.com/aarzilli/golua/lua"
)

const mib = 1 << 20

// Each of these takes how often to repeat, so that the loop runs inside Lua and only the
// crossings count. The loop itself is not subtracted: `golua/empty-loop` tells what it is.
const loops = `
	function empty_loop(n)
		for i = 1, n do end
		return n
	end
	local function sum(a, b) return a + b end
	function lua_to_lua(n)
		local sum, last = sum, 0
		for i = 1, n do last = sum(i, 2) end
		return last
	end
	function lua_to_go(n)
		local sum, last = go_sum, 0
		for i = 1, n do last = sum(i, 2) end
		return last
	end
	function lua_to_go_object(n)
		local sum, last = go_sum_object, 0
		for i = 1, n do last = sum(i, 2) end
		return last
	end
	local megabyte = ("x"):rep(1048576)
	function bytes(n)
		local size, last = go_size, 0
		for i = 1, n do last = size(megabyte) end
		return last
	end
	lua_sum = sum
`

func sum(L *lua.State) int {
	L.PushInteger(int64(L.ToInteger(1) + L.ToInteger(2)))
	return 1
}

// size copies its argument into Go's memory, as any Go function that keeps it has to.
func size(L *lua.State) int {
	L.PushInteger(int64(len(L.ToBytes(1))))
	return 1
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "golua: %v\n", err)
		os.Exit(1)
	}
}

func run() error {
	L := lua.NewState()
	defer L.Close()
	L.OpenLibs()
	// A closure of C in front of the Go function.
	L.PushGoClosure(sum)
	L.SetGlobal("go_sum")
	L.PushGoClosure(size)
	L.SetGlobal("go_size")
	// A userdata that is callable, which is what golua's documentation shows.
	L.Register("go_sum_object", sum)
	if err := L.DoString(loops); err != nil {
		return err
	}

	for _, loop := range []struct {
		name, function string
		result         func(n int) int
	}{
		{"golua/empty-loop", "empty_loop", func(n int) int { return n }},
		{"golua/lua-to-lua", "lua_to_lua", func(n int) int { return n + 2 }},
		{"golua/lua-to-go", "lua_to_go", func(n int) int { return n + 2 }},
		{"golua/lua-to-go-object", "lua_to_go_object", func(n int) int { return n + 2 }},
		{"golua/bytes-1MiB", "bytes", func(int) int { return mib }},
	} {
		err := measure(loop.name, func(n int) error {
			L.GetGlobal(loop.function)
			return call(L, loop.result(n), n)
		})
		if err != nil {
			return err
		}
	}

	// From Go to a Lua function and back, which is on the stack already, so that finding
	// it by name costs nothing.
	L.GetGlobal("lua_sum")
	return measure("golua/go-to-lua", func(n int) error {
		for i := range n {
			L.PushValue(-1)
			if err := call(L, i+2, i, 2); err != nil {
				return err
			}
		}
		return nil
	})
}

// call calls the Lua function on top of the stack, and wants one result of it.
func call(L *lua.State, want int, arguments ...int) error {
	for _, argument := range arguments {
		L.PushInteger(int64(argument))
	}
	if err := L.Call(len(arguments), 1); err != nil {
		return err
	}
	got := L.ToInteger(-1)
	L.Pop(1)
	if got != want {
		return fmt.Errorf("the Lua function returned %d, not %d", got, want)
	}
	return nil
}
