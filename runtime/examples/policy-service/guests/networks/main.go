// Command networks is a guest for policies that decide by address.
package main

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func2("contains", contains, luago.NonBlocking,
		luago.Doc("contains(prefix, address): is 10.1.2.3 in 10.0.0.0/8?"))
}

func main() {}

func contains(_ context.Context, prefix, address string) (bool, error) {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return false, fmt.Errorf("a network is written as 10.0.0.0/8: %w", err)
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false, fmt.Errorf("%q is no address: %w", address, err)
	}
	return p.Contains(a.Unmap()), nil
}
