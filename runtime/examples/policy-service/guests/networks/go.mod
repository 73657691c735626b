module github.com/luago-project/luago/runtime/examples/policy-service/guests/networks

go 1.24

require github.com/luago-project/luago/guests/go/luago v0.0.0

replace github.com/luago-project/luago/guests/go/luago => ../../../../../guests/go/luago
