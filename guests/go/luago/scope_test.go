package luago

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAContextThatNobodyAsksIsNotMade(t *testing.T) {
	s := &scope{more: &extras{deadline: time.Now().Add(time.Hour)}}
	if _, ok := s.Deadline(); !ok || s.Err() != nil || s.more.real != nil || s.more.timer != nil {
		t.Error("a context was made")
	}
}

func TestATimeoutEndsDerivedContextsWithDeadlineExceeded(t *testing.T) {
	for _, isMadeFirst := range []bool{false, true} {
		s := new(scope)
		if isMadeFirst {
			s.Done()
		}
		derived, cancel := context.WithCancel(s)
		defer cancel()
		s.cancel(deadlineExceeded)
		<-derived.Done()
		if derived.Err() != context.DeadlineExceeded || context.Cause(derived) != context.DeadlineExceeded {
			t.Error(derived.Err(), context.Cause(derived))
		}
	}
}

func TestACancelledContextHasItsCauseAndKeepsIt(t *testing.T) {
	s := new(scope)
	why := errors.New("why")
	s.cancel(&cancellation{context.Canceled, why})
	s.cancel(&cancellation{context.Canceled, errors.New("later")})
	derived, cancel := context.WithTimeout(s, time.Hour)
	defer cancel()
	if s.Err() != context.Canceled || context.Cause(s) != why || context.Cause(derived) != why {
		t.Error(s.Err(), context.Cause(s), context.Cause(derived))
	}
}

func TestADeadlineFiresByItself(t *testing.T) {
	s := &scope{more: &extras{deadline: time.Now().Add(5 * time.Millisecond)}}
	<-s.Done()
	if s.Err() != context.DeadlineExceeded || context.Cause(s) != context.DeadlineExceeded {
		t.Error(s.Err(), context.Cause(s))
	}
}

func TestALoopThatComputesSeesItsDeadline(t *testing.T) {
	s := &scope{more: &extras{deadline: time.Now().Add(time.Millisecond)}}
	for s.Err() == nil {
	}
	if s.more.timer != nil {
		t.Error("a timer was made")
	}
}
