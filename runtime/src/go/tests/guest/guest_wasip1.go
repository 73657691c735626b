package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const wake = 1 << 20

// block is the control block, field by field.
type block struct {
	inbox, inboxSize, outbox, outboxLen     uint32
	events, eventsLen, live, goroutines     uint32
	functions, functionsLen, functionsCount uint32
	trace, busy, sdk, sdkLen                uint32
}

type slot struct {
	tag, aux uint32
	payload  uint64
}

type event struct {
	kind, task, number, count, address, length, target, goroutine uint32
}

var (
	control   block
	inbox     [512]slot
	outbox    [1]slot
	events    []event
	list      []slot
	docs      []string
	held      [][]byte
	rooms     [][]byte
	kept      [][]byte
	sink      uint64
	answer    string
	pending   uint32
	cancelled = make(chan string, 100)
	conn      syscall.RawConn
	file      *os.File
)

func address[T any](p *T) uint32 { return uint32(uintptr(unsafe.Pointer(p))) }

func text(s string) slot {
	return slot{4, uint32(len(s)), uint64(uintptr(unsafe.Pointer(unsafe.StringData(s))))}
}

type function struct {
	name  string
	flags uint64
	run   func(count uint32) int64
}

var functions []function

func init() {
	functions = []function{
		{"add", 1, func(uint32) int64 { return int64(inbox[0].payload + inbox[1].payload) }},
		{"panic", 1, func(uint32) int64 { panic("boom") }},
		{"exit", 1, func(uint32) int64 { os.Exit(7); return 0 }},
		{"spin", 1, func(uint32) int64 {
			for {
				sink++
			}
		}},
		{"deadlock", 1, func(uint32) int64 { select {} }},
		{"hoard", 1, func(uint32) int64 {
			for {
				kept = append(kept, make([]byte, 1<<20))
			}
		}},
		{"recurse", 1, func(uint32) int64 { return int64(deep(0)) }},
		{"flood", 1, func(uint32) int64 {
			for {
				fmt.Println(strings.Repeat("x", 1000))
			}
		}},
		{"write", 1, func(uint32) int64 {
			fmt.Print("to standard output\n")
			fmt.Fprint(os.Stderr, "to standard error\n")
			return 0
		}},
		{"sleep", 1, func(uint32) int64 {
			start := time.Now()
			time.Sleep(time.Duration(inbox[0].payload))
			return int64(time.Since(start))
		}},
		{"now", 1, func(uint32) int64 { return time.Now().UnixNano() }},
		{"random", 1, func(uint32) int64 { return int64(rand.Uint64()) }},
		{"churn", 1, func(uint32) int64 {
			for range inbox[0].payload {
				kept = [][]byte{make([]byte, 1<<16)}
			}
			return 0
		}},
		{"hold", 1, func(uint32) int64 {
			for range inbox[0].payload {
				held = append(held, make([]byte, 1<<16))
			}
			return 0
		}},
		{"env", 1, func(uint32) int64 {
			answer = strings.Join(os.Environ(), "\n")
			return -1
		}},
		{"answer", 1, func(uint32) int64 { return -1 }},
		{"read", 1, func(uint32) int64 {
			data, err := os.ReadFile(os.Getenv("FILE"))
			answer = string(data)
			if err != nil {
				answer = err.Error()
			}
			return -1
		}},
		{"save", 1, func(uint32) int64 {
			if err := os.WriteFile(os.Getenv("FILE"), []byte("saved"), 0o600); err != nil {
				return 1
			}
			return 0
		}},
		{"stdin", 1, func(uint32) int64 {
			n, err := os.Stdin.Read(make([]byte, 10))
			answer = fmt.Sprint(n, err)
			return -1
		}},
		{"events", 1, func(uint32) int64 {
			control.events = 0xffff_0000
			return 0
		}},
		{"polls", 1, func(uint32) int64 { return hostilePolls() }},
		{"nil", 1, func(uint32) int64 {
			var p *block
			return int64(p.inbox)
		}},
	}
	for _, f := range functions {
		// The collector does not see an address in a slot.
		docs = append(docs, "does "+f.name)
		list = append(list, text(f.name), slot{tag: 2, payload: f.flags}, text(docs[len(docs)-1]))
	}
	control = block{
		inbox: address(&inbox), inboxSize: 8192,
		functions: address(&list[0]), functionsLen: uint32(16 * len(list)),
		functionsCount: uint32(len(list)),
	}
	file = os.NewFile(wake, "wake")
	var err error
	if conn, err = file.SyscallConn(); err != nil {
		panic(err)
	}
	if loud := os.Getenv("INIT"); loud != "" {
		panic(loud)
	}
}

//go:noinline
func deep(n int) int {
	if n < 0 {
		return n
	}
	return deep(n+1) + 1
}

//go:wasmimport wasi_snapshot_preview1 poll_oneoff
func pollOneoff(in, out, count, result uint32) uint32

// hostilePolls gives the host subscriptions that it must not believe, and counts those
// that it refuses.
func hostilePolls() int64 {
	var buffer [256]byte
	var result uint32
	at := address(&buffer[0])
	refused := int64(0)
	for _, args := range [][4]uint32{
		{at, at, 0, address(&result)},
		{0xffff_fff0, at, 1, address(&result)},
		{at, 0xffff_fff0, 1, address(&result)},
		{at, at, 0xffff_ffff, address(&result)},
		{at, at, 0x0600_0000, address(&result)},
		{at, at, 1, 0xffff_fffe},
	} {
		if pollOneoff(args[0], args[1], args[2], args[3]) != 0 {
			refused++
		}
	}
	buffer[8] = 9
	if pollOneoff(at, at, 1, address(&result)) != 0 {
		refused++
	}
	return refused
}

//go:wasmexport luago_abi_1
func abi() {}

//go:wasmexport luago_ready
func ready() uint32 { return address(&control) }

//go:wasmexport luago_room
func room(length uint32) uint32 {
	rooms = [][]byte{make([]byte, length)}
	return address(&rooms[0][0])
}

//go:wasmexport luago_call
func call(function, count, length uint32) uint64 {
	result := functions[function].run(count)
	if result == -1 {
		outbox[0] = text(answer)
	} else {
		outbox[0] = slot{tag: 2, payload: uint64(result)}
	}
	control.outbox, control.outboxLen = address(&outbox[0]), 16
	return 1<<8 | 16<<32
}

func post(e event) {
	events = append(events, e)
}

func publishEvents() uint32 {
	control.events = 0
	if len(events) > 0 {
		control.events = address(&events[0])
	}
	return uint32(len(events))
}

// start runs functions of which each is a way for a task to go on: 0 is done at once,
// 1 calls the host, 2 sleeps, 3 spins and yields, 4 waits to be cancelled.
//
//go:wasmexport luago_start
func start(task, function, count, length uint32, timeout int64) uint32 {
	events = nil
	control.live++
	switch function {
	case 0:
		control.live--
		post(event{kind: 1, task: task, count: uint32(timeout)})
	case 1:
		pending = task
		post(event{kind: 2, task: task, number: 5, goroutine: control.trace})
	case 2:
		sleep := time.Duration(inbox[0].payload)
		go func() {
			time.Sleep(sleep)
			control.live--
			post(event{kind: 1, task: task})
			file.SetReadDeadline(time.Unix(1, 0))
		}()
	case 3:
		go func() {
			for {
				time.Sleep(0)
				yield()
			}
		}()
	case 4:
		control.goroutines++
		go func() {
			answer = <-cancelled
			control.live--
			post(event{kind: 1, task: task})
			file.SetReadDeadline(time.Unix(1, 0))
		}()
	}
	return publishEvents()
}

//go:wasmexport luago_deliver
func deliver(number, status, count, length uint32) uint32 {
	events = nil
	control.live--
	post(event{kind: 1, task: pending, number: status})
	return publishEvents()
}

//go:wasmexport luago_cancel
func cancel(task, kind, count, length uint32) uint32 {
	events = nil
	cancelled <- strconv.Itoa(int(kind))
	return publishEvents()
}

//go:wasmexport luago_drop_stream
func dropStream(stream uint32) uint32 {
	if stream == 99 {
		return 1 << 30
	}
	return 0
}

//go:wasmexport luago_poll
func poll(budget int64) uint32 {
	events = nil
	file.SetReadDeadline(time.Time{})
	if budget > 0 {
		file.SetReadDeadline(time.Now().Add(time.Duration(budget)))
	}
	asked := false
	err := conn.Read(func(uintptr) bool {
		isReady := asked
		asked = true
		return isReady
	})
	control.busy = 0
	if err != nil && len(events) == 0 {
		control.busy = 1
	}
	return publishEvents()
}

//go:wasmexport luago_close
func closeAll() {
	for range control.live {
		cancelled <- "closed"
	}
}

func yield() {
	for range 1000 {
		sink++
	}
	done := make(chan bool)
	go close(done)
	<-done
}
