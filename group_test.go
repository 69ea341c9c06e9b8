package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func untilStopped(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestRunAllReturnsTheFirstError(t *testing.T) {
	broken := errors.New("broken")
	for name, want := range map[string]error{"an error": broken, "no error": nil} {
		got := runAll(context.Background(), untilStopped, func(context.Context) error { return want }, untilStopped)
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestRunAllWaitsForTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		runAll(context.Background(),
			func(context.Context) error { return nil },
			func(ctx context.Context) error {
				<-ctx.Done()
				time.Sleep(stopTimeout / 2)
				ended = true
				return nil
			})
		if !ended {
			t.Error("returned before the other had ended")
		}
	})
}

func TestRunAllGivesUpOnThoseThatHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		runAll(context.Background(),
			func(context.Context) error { return nil },
			func(context.Context) error { time.Sleep(time.Hour); return nil },
			func(context.Context) error { time.Sleep(time.Hour); return nil })
		if took := time.Since(start); took != stopTimeout {
			t.Errorf("took %v, want %v", took, stopTimeout)
		}
		time.Sleep(time.Hour) // synctest wants the others to end
	})
}
