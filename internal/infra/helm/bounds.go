package helm

import (
	"context"
	"errors"
	"reflect"
)

// The bounds on one chart with one set of values. The largest charts that are
// known, those of whole monitoring systems, take a tenth of them.
const (
	maxSteps    = 400_000 // nodes of templates that are come to, and calls
	maxOutput   = 4 << 20 // bytes that all of its templates make
	maxText     = 1 << 20 // bytes of one text, and of one template
	maxWeight   = 100_000 // values in one another that one call gives
	maxNesting  = 60      // of values in one another
	maxIncludes = 200     // of templates in one another
	maxList     = 10_000  // numbers that one call counts to
)

// errBound is a template that does more than a chart has to.
var errBound = errors.New("the template does more than 400,000 steps, or makes more than 4 MiB")

// budget is what is left of the bounds.
type budget struct {
	ctx    context.Context
	steps  int
	output int
	depth  int
}

// step takes n steps.
func (b *budget) step(n int) error {
	before := b.steps
	b.steps += n
	if b.steps > maxSteps || n < 0 {
		return errBound
	}
	if before>>10 != b.steps>>10 {
		return b.ctx.Err()
	}
	return nil
}

// weigh returns how many values v is made of. What is deeper than maxNesting
// or in itself is an error, and so is what is more than maxWeight.
func weigh(v reflect.Value, depth int, left *int) error {
	if *left--; *left < 0 || depth > maxNesting {
		return errBound
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return weigh(v.Elem(), depth+1, left)
	case reflect.String:
		if v.Len() > maxText {
			return errBound
		}
		*left -= v.Len() / 64
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if err := weigh(it.Value(), depth+1, left); err != nil {
				return err
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			*left -= v.Len() / 64
			return nil
		}
		for i := range v.Len() {
			if err := weigh(v.Index(i), depth+1, left); err != nil {
				return err
			}
		}
	}
	return nil
}

var errorType = reflect.TypeFor[error]()

// bounded returns fn such that each call takes its steps, and what it gives is
// weighed: text/template gives it on to other calls and to printing, which ask
// for no bounds.
func (b *budget) bounded(fn any) any {
	f := reflect.ValueOf(fn)
	t := f.Type()
	in, out := make([]reflect.Type, t.NumIn()), []reflect.Type{}
	for i := range in {
		in[i] = t.In(i)
	}
	out = append(out, t.Out(0))
	wrapped := reflect.FuncOf(in, append(out, errorType), t.IsVariadic())
	return reflect.MakeFunc(wrapped, func(args []reflect.Value) []reflect.Value {
		fail := func(err error) []reflect.Value {
			return []reflect.Value{reflect.Zero(t.Out(0)), reflect.ValueOf(&err).Elem()}
		}
		if err := b.step(1); err != nil {
			return fail(err)
		}
		var results []reflect.Value
		if t.IsVariadic() {
			results = f.CallSlice(args)
		} else {
			results = f.Call(args)
		}
		if len(results) == 2 && !results[1].IsNil() {
			return []reflect.Value{results[0], results[1]}
		}
		left := maxWeight
		if err := weigh(results[0], 0, &left); err != nil {
			return fail(err)
		}
		if err := b.step((maxWeight - left) / 16); err != nil {
			return fail(err)
		}
		return []reflect.Value{results[0], reflect.Zero(errorType)}
	}).Interface()
}
