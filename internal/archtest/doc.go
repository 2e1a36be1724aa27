// Package archtest holds the tests of how this module is built: who imports
// whom, and the habits that every file keeps. There is nothing in it to import.
//
// A new package gets a row in kinds_test.go. The tests read the files
// themselves, without the go command, so that Go's test cache sees every change.
package archtest
