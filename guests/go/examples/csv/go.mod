module luago.dev/go/examples/csv

go 1.24

require luago.dev/go/luago v0.0.0

replace luago.dev/go/luago => ../../luago
