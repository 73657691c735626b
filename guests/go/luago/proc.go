package luago

import "context"

// Proc0 registers a function with no parameter, besides its context, and no result.
func Proc0(name string, f func(ctx context.Context) error, opts ...Option) {
	Func0(name, func(ctx context.Context) (noResult, error) {
		return noResult{}, f(ctx)
	}, opts...)
}

// Proc1 registers a function with one parameter, besides its context, and no result.
func Proc1[A any](name string, f func(ctx context.Context, a A) error, opts ...Option) {
	Func1(name, func(ctx context.Context, a A) (noResult, error) {
		return noResult{}, f(ctx, a)
	}, opts...)
}

// Proc2 registers a function with two parameters, besides its context, and no result.
func Proc2[A, B any](name string, f func(ctx context.Context, a A, b B) error, opts ...Option) {
	Func2(name, func(ctx context.Context, a A, b B) (noResult, error) {
		return noResult{}, f(ctx, a, b)
	}, opts...)
}

// Proc3 registers a function with three parameters, besides its context, and no result.
func Proc3[A, B, C any](name string, f func(ctx context.Context, a A, b B, c C) error, opts ...Option) {
	Func3(name, func(ctx context.Context, a A, b B, c C) (noResult, error) {
		return noResult{}, f(ctx, a, b, c)
	}, opts...)
}

// Proc4 registers a function with four parameters, besides its context, and no result.
func Proc4[A, B, C, D any](name string, f func(ctx context.Context, a A, b B, c C, d D) error, opts ...Option) {
	Func4(name, func(ctx context.Context, a A, b B, c C, d D) (noResult, error) {
		return noResult{}, f(ctx, a, b, c, d)
	}, opts...)
}
