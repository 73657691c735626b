package luago

import "testing"

func TestASmallHeapMayGrowToTheSizeThatIsWanted(t *testing.T) {
	for _, each := range []struct {
		live, heap uint64
		want       int
	}{
		{1, 16 << 20, mostPercent},
		{3 << 20, 16 << 20, mostPercent},
		{4 << 20, 16 << 20, 300},
		{8 << 20, 16 << 20, usualPercent},
		{12 << 20, 16 << 20, usualPercent},
		{1 << 30, 16 << 20, usualPercent},
		{1 << 20, 2 << 20, usualPercent},
	} {
		if got := paceFor(each.live, each.heap); got != each.want {
			t.Errorf("%d of %d: %d", each.live, each.heap, got)
		}
	}
}
