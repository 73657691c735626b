package luago

import (
	"fmt"
	"strings"
	"time"
	"unsafe"
)

// Script plays Lua for examples: it calls a function by its name, as a task of its own,
// and prints the results, the values of a stream or the error.
func Script(name string, args ...any) {
	if fn := registry.functions[number(name)]; fn.flags&functionNonBlocking != 0 {
		callNow(number(name), scriptFrame(args))
		fmt.Println(scriptText(&reader{slots: outbox.slots, count: outbox.count}))
		return
	}
	startTask(scriptTask, number(name), scriptFrame(args), 0)
	e, frame := scriptEvent()
	for frame.count == 1 && frame.slots[0].tag == tagStream {
		stream := frame.slots[0].payload
		startTask(scriptTask, -1, scriptFrame([]any{stream}), 0)
		step, values := scriptEvent()
		if step.number != statusOK || values.count == 0 {
			return
		}
		fmt.Println(scriptText(values))
	}
	text := scriptText(frame)
	if e.number != statusOK {
		text = "error: " + text
	}
	fmt.Println(text)
}

const scriptTask = 1 << 31

// ScriptFunctions are the functions of Lua that scripts have.
var ScriptFunctions = map[string]func(args []any) any{
	"string.upper": func(args []any) any { return strings.ToUpper(args[0].(string)) },
}

// What the frames point to.
var scriptKept []unsafe.Pointer

func scriptFrame(args []any) *reader {
	w := new(writer)
	for _, arg := range args {
		if err := w.any(arg); err != nil {
			panic(err)
		}
		w.count++
	}
	scriptKept = append(scriptKept, w.kept...)
	countHandles(w.slots)
	return &reader{slots: w.slots, count: w.count}
}

func scriptText(r *reader) string {
	var texts []string
	for range r.count {
		v, err := r.any()
		if err != nil {
			panic(err)
		}
		texts = append(texts, fmt.Sprint(v))
	}
	return strings.Join(texts, " ")
}

// scriptEvent gives the end of the script's task, and answers calls until then.
func scriptEvent() (event, *reader) {
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond / 10) {
		bridge.Lock()
		events := append([]event(nil), bridge.events...)
		var frames []*reader
		for _, p := range bridge.posted {
			r := new(reader)
			if p.frame != nil {
				r.slots, r.count = append(r.slots, p.frame.slots...), p.frame.count
				scriptKept = append(scriptKept, p.frame.kept...)
			}
			frames = append(frames, r)
		}
		bridge.seen = len(events)
		acknowledgeSeen()
		bridge.Unlock()
		for i, e := range events {
			switch {
			case e.task != scriptTask:
			case e.kind == kindDone:
				return e, frames[i]
			case e.kind == kindCall:
				answerScript(e, frames[i])
			}
		}
	}
	panic("the task did not end")
}

func answerScript(e event, r *reader) {
	var values []any
	for range r.count {
		v, err := r.any()
		if err != nil {
			panic(err)
		}
		values = append(values, v)
	}
	deliver(e.number, 0, scriptFrame([]any{ScriptFunctions[values[0].(string)](values[1:])}))
}
