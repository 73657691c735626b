package luago

import "unsafe"

// tableEntry is the first field of what a numberTable holds.
type tableEntry struct {
	number uint32
	next   *tableEntry
}

// numberTable finds entries by their numbers. It costs much less than a map, as it does not
// allocate for an entry and the numbers, which are consecutive, need no hashing.
type numberTable struct {
	buckets []*tableEntry
	count   int
}

func (t *numberTable) bucket(number uint32) **tableEntry {
	return &t.buckets[number&uint32(len(t.buckets)-1)]
}

func (t *numberTable) find(number uint32) *tableEntry {
	if t.count == 0 {
		return nil
	}
	e := *t.bucket(number)
	for e != nil && e.number != number {
		e = e.next
	}
	return e
}

// insert adds an entry with a new number.
func (t *numberTable) insert(e *tableEntry) {
	if t.count >= len(t.buckets) {
		t.grow()
	}
	t.count++
	at := t.bucket(e.number)
	e.next, *at = *at, e
}

func (t *numberTable) remove(e *tableEntry) {
	for at := t.bucket(e.number); *at != nil; at = &(*at).next {
		if *at == e {
			*at, e.next = e.next, nil
			t.count--
			return
		}
	}
}

func (t *numberTable) grow() {
	old := t.buckets
	t.buckets = make([]*tableEntry, max(64, 2*len(old)))
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
func (t *numberTable) all() []*tableEntry {
	list := make([]*tableEntry, 0, t.count)
	for _, e := range t.buckets {
		for ; e != nil; e = e.next {
			list = append(list, e)
		}
	}
	return list
}

func taskOf(e *tableEntry) *task { return (*task)(unsafe.Pointer(e)) }
func callOf(e *tableEntry) *call { return (*call)(unsafe.Pointer(e)) }
