module github.com/luago-project/luago/guests/go/luago

go 1.24
