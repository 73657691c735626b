package luago

// The fields of a ring are loaded and stored as package atomic does it in wasm, where Go runs
// in one thread: by one instruction in a function that is not inlined, so that the compiler
// neither drops nor moves it. Other threads see these in the order that the machine has for plain
// instructions; where that is weak, there are fences. Package atomic itself needs two calls.

//go:noinline
func loadWord(p *uint32) uint32 { return *p }

//go:noinline
func storeWord(p *uint32, n uint32) { *p = n }
