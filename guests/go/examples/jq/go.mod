module github.com/luago-project/luago/guests/go/examples/jq

go 1.24.0

require (
	github.com/itchyny/gojq v0.12.20
	github.com/luago-project/luago/guests/go/luago v0.0.0
)

require github.com/itchyny/timefmt-go v0.1.9 // indirect

replace github.com/luago-project/luago/guests/go/luago => ../../luago
