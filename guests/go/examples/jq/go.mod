module luago.dev/go/examples/jq

go 1.24.0

require (
	github.com/itchyny/gojq v0.12.20
	luago.dev/go/luago v0.0.0
)

require github.com/itchyny/timefmt-go v0.1.9 // indirect

replace luago.dev/go/luago => ../../luago
