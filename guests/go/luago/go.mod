module luago.dev/go/luago

go 1.24
