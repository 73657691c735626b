//go:build !wasip1

package luago

import "sync/atomic"

func loadWord(p *uint32) uint32     { return atomic.LoadUint32(p) }
func storeWord(p *uint32, n uint32) { atomic.StoreUint32(p, n) }
