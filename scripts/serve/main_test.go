package main_test

import (
	"os"
	"testing"

	"github.com/entente-bot/entente/internal/halves"
)

// TestMain says which tests are left out on this machine.
func TestMain(m *testing.M) {
	halves.Tell(os.Stderr, halves.AgainstDocument())
	os.Exit(m.Run())
}
