module luago.dev/go/examples/trouble

go 1.24

require luago.dev/go/luago v0.0.0

replace luago.dev/go/luago => ../../../../../guests/go/luago
