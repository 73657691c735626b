package luago

import "unsafe"

// entry is the first field of what is found by a number.
type entry struct {
	number uint32
	next   *entry
}

// table finds entries by their numbers. It is a map without most of a map's cost, as it
// never allocates for an entry and the numbers need no hashing: they are given in turn.
type table struct {
	buckets []*entry
	count   int
}

func (t *table) bucket(number uint32) **entry {
	return &t.buckets[number&uint32(len(t.buckets)-1)]
}

func (t *table) find(number uint32) *entry {
	if t.count == 0 {
		return nil
	}
	e := *t.bucket(number)
	for e != nil && e.number != number {
		e = e.next
	}
	return e
}

// insert adds an entry whose number is not there yet.
func (t *table) insert(e *entry) {
	if t.count >= len(t.buckets) {
		t.grow()
	}
	t.count++
	at := t.bucket(e.number)
	e.next, *at = *at, e
}

func (t *table) remove(e *entry) {
	for at := t.bucket(e.number); *at != nil; at = &(*at).next {
		if *at == e {
			*at, e.next = e.next, nil
			t.count--
			return
		}
	}
}

func (t *table) grow() {
	old := t.buckets
	t.buckets = make([]*entry, max(64, 2*len(old)))
	for _, e := range old {
		for e != nil {
			next := e.next
			at := t.bucket(e.number)
			e.next, *at = *at, e
			e = next
		}
	}
}

// all lists the entries.
func (t *table) all() []*entry {
	list := make([]*entry, 0, t.count)
	for _, e := range t.buckets {
		for ; e != nil; e = e.next {
			list = append(list, e)
		}
	}
	return list
}

func taskOf(e *entry) *task { return (*task)(unsafe.Pointer(e)) }
func callOf(e *entry) *call { return (*call)(unsafe.Pointer(e)) }
