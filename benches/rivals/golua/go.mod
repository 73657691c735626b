module github.com/luago-project/luago/benches/rivals/golua

go 1.24

require github.com/aarzilli/golua v0.0.0-20250217091409-248753f411c4
