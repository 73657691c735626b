package luago

import "testing"

func TestATableFindsWhatIsInIt(t *testing.T) {
	var all numberTable
	var entries [1000]tableEntry
	for i := range entries {
		// Numbers are consecutive, but some stay for long, and they wrap around after 2³².
		entries[i].number = uint32(i*7 - 3)
		all.insert(&entries[i])
	}
	for i := range entries {
		if i%3 == 0 {
			all.remove(&entries[i])
			all.remove(&entries[i])
		}
	}
	count := 0
	for i := range entries {
		found := all.find(entries[i].number)
		if i%3 == 0 && found != nil || i%3 != 0 && found != &entries[i] {
			t.Errorf("%d gives %v", entries[i].number, found)
		}
		if found != nil {
			count++
		}
	}
	if all.find(5000*7) != nil || all.count != count || len(all.all()) != count {
		t.Error(all.count, count, len(all.all()))
	}
}

func TestAnEmptyTableFindsNothing(t *testing.T) {
	var none numberTable
	if none.find(0) != nil || len(none.all()) != 0 {
		t.Error("something is in it")
	}
}
