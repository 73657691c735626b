package luago

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestTheExportsNameTheVersionOfTheABI(t *testing.T) {
	source, err := os.ReadFile("export_wasip1.go")
	if err != nil {
		t.Fatal(err)
	}
	if export := "//go:wasmexport luago_abi_" + strconv.Itoa(abiVersion) + "\n"; !strings.Contains(string(source), export) {
		t.Errorf("no function has %q", export)
	}
}
