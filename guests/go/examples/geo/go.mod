module github.com/luago-project/luago/guests/go/examples/geo

go 1.24

require github.com/luago-project/luago/guests/go/luago v0.0.0

replace github.com/luago-project/luago/guests/go/luago => ../../luago
