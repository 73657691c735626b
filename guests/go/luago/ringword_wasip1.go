package luago

// An index of a ring is loaded and stored as package atomic does it in wasm, where all of
// Go runs in one thread: by one instruction in a function that is not inlined, so that the
// compiler neither leaves it out nor moves it. Other threads see it in the order that the
// machine has for plain instructions; where that is a weak one, there are fences. Package
// atomic itself is two calls for what is one here.

//go:noinline
func loadWord(p *uint32) uint32 { return *p }

//go:noinline
func storeWord(p *uint32, n uint32) { *p = n }
