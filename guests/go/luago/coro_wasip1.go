package luago

import "iter"

// coro has one goroutine that is blocked on it, at any time. Another goroutine can switch to that
// one and block in its place, which costs a fraction of what the scheduler does. It is the
// runtime's switch of coroutines, on which iter.Pull is built and which works between any two
// goroutines.
type coro struct {
	next  func() (struct{}, bool)
	yield func(struct{}) bool
	// The two functions are called in turn: next if this is true after it was toggled.
	isNext bool
}

var (
	coroCount int
	// The coro on which the main goroutine is blocked; nil if it is not.
	mainCoro *coro
)

// newCoro makes a coro with a goroutine that blocks forever once it is switched from.
func newCoro() *coro {
	c := new(coro)
	c.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		select {}
	})
	coroCount++
	return c
}

// switchTo switches to the goroutine that is blocked on the coro, and blocks the current one there.
func (c *coro) switchTo() {
	c.isNext = !c.isNext
	if c.isNext {
		c.next()
	} else {
		c.yield(struct{}{})
	}
}

// switchFromMain is switchTo for the main goroutine, to which others switch back when they can.
func (c *coro) switchFromMain() {
	mainCoro = c
	c.switchTo()
}

// takeMain returns the coro on which the main goroutine is blocked, or nil if it is not. The caller
// must switch to it at once.
func takeMain() *coro {
	c := mainCoro
	mainCoro = nil
	return c
}
