package luago

import "iter"

// cell is a place where one goroutine waits, at any time. Another one can change places
// with it: that is a fraction of the work that it is for the scheduler. It is the switch
// of goroutines that package iter is made of, and which makes no difference between them.
type cell struct {
	next  func() (struct{}, bool)
	yield func(struct{}) bool
	// The functions take turns, whoever calls them.
	isYield bool
}

var (
	cellCount int
	// Where the main goroutine waits; nil if it does not wait in a cell.
	mainCell *cell
)

// newCell makes a cell that holds a goroutine which gives way once and for all.
func newCell() *cell {
	c := new(cell)
	c.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		select {}
	})
	cellCount++
	return c
}

// swap waits in the cell and lets the goroutine run that has waited there.
func (c *cell) swap() {
	c.isYield = !c.isYield
	if c.isYield {
		c.next()
	} else {
		c.yield(struct{}{})
	}
}

// enter is swap for the main goroutine, whose place others take as soon as they can.
func (c *cell) enter() {
	mainCell = c
	c.swap()
}

// leaveMain gives the cell that the main goroutine waits in. The caller is to change
// places with it, at once. It is nil if the main goroutine does not wait in one.
func leaveMain() *cell {
	c := mainCell
	mainCell = nil
	return c
}
