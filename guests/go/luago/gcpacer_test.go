package luago

import "testing"

func TestASmallHeapMayGrowToTheTarget(t *testing.T) {
	for _, each := range []struct {
		live, heap uint64
		want       int
	}{
		{1, 16 << 20, maxPercent},
		{3 << 20, 16 << 20, maxPercent},
		{4 << 20, 16 << 20, 300},
		{8 << 20, 16 << 20, defaultPercent},
		{12 << 20, 16 << 20, defaultPercent},
		{1 << 30, 16 << 20, defaultPercent},
		{1 << 20, 2 << 20, defaultPercent},
	} {
		if got := gcPercentFor(each.live, each.heap); got != each.want {
			t.Errorf("%d of %d: %d", each.live, each.heap, got)
		}
	}
}

func TestWindowsDoNotMakeTheCollectorLazy(t *testing.T) {
	for _, each := range []struct {
		windows, own uint64
		want         int
	}{
		// As much garbage as without windows: four times the heap, up to 16 MiB.
		{0, 4 << 20, 300},
		{64 << 20, 1 << 20, 6},
		{64 << 20, 4 << 20, 17},
		{64 << 20, 64 << 20, 50},
		{1 << 30, 1 << 20, 1},
		{1 << 20, 1 << 30, 99},
	} {
		if got := gcPercentBeside(each.windows, each.own, 16<<20); got != each.want {
			t.Errorf("%d beside %d: %d", each.own, each.windows, got)
		}
	}
}
