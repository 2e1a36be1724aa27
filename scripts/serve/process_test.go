package main_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
)

// built builds the program and returns where it is.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "entente")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// A host is the program as somebody runs it for a Discord, which is simulated
// by the test and lives on when the program dies.
type host struct {
	*testing.T
	*scene.Scene
	program, data string
	ahead         atomic.Int64 // nanoseconds that everybody's clock was moved on
	logs          *lines

	mu      sync.Mutex
	process *exec.Cmd
	base    string // URL
}

func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{T: t, program: built(t), data: filepath.Join(t.TempDir(), "entente.db"), logs: new(lines)}
	var err error
	if h.Scene, err = scene.New(fakediscord.Options{Now: h.now, OpenAPI: os.Getenv("DISCORD_OPENAPI"), ReplyWithin: time.Minute}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.kill()
		_ = h.Scene.Close()
		if t.Failed() {
			t.Logf("the program's last lines:\n%s", h.logs)
		}
	})
	return h
}

// now is everybody's time.
func (h *host) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

// command is the program with the given variables in its environment, and no others
// but the one by which scripts/clock sets the time.
func command(ctx context.Context, program string, environment map[string]string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = []string{"HOME=" + filepath.Dir(program), "CLOCK_AHEAD=" + cmp.Or(os.Getenv("CLOCK_AHEAD"), "0s")}
	for name, value := range environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// environment is what the program needs to serve the host's Discord.
func (h *host) environment() map[string]string {
	return map[string]string{
		"DISCORD_PUBLIC_KEY": h.PublicKey(), "DISCORD_APPLICATION_ID": h.ApplicationID(),
		"DISCORD_TOKEN": h.Token(), "DISCORD_API_URL": h.URL(), "ENTENTE_LOG_LEVEL": "warn",
	}
}

// start runs the program, and returns when it serves.
func (h *host) start() {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	cmd := command(context.Background(), h.program, h.environment(), "-addr", "127.0.0.1:0", "-data", h.data, "-dev-controls")
	cmd.Stderr = h.logs
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, at, found := strings.Cut(line, "at http://")
	if err != nil || !found {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		h.Errorf("the program says %q: %v", line, err)
		return
	}
	address, _, _ := strings.Cut(at, "/")
	h.process, h.base = cmd, "http://"+address
	h.SetInteractionsURL(h.base + "/interactions")
}

// kill ends the program as a power cut would.
func (h *host) kill() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.process == nil {
		return
	}
	_ = h.process.Process.Kill()
	_ = h.process.Wait() // says that it was killed
	h.process = nil
}

// end asks the program to end, and returns how it did.
func (h *host) end() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := h.process.Wait()
	h.process = nil
	return err
}

// A rest is what is left to do.
type rest struct {
	Pending, Blocked int
}

// control posts to one of the controls.
func (h *host) control(path string) (left rest, err error) {
	h.mu.Lock()
	base := h.base
	h.mu.Unlock()
	r, err := http.NewRequestWithContext(h.Context(), http.MethodPost, base+path, nil)
	if err != nil {
		return left, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return left, err
	}
	err = json.NewDecoder(answer.Body).Decode(&left)
	if answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("POST %s: status %d", path, answer.StatusCode)
	}
	return left, errors.Join(err, answer.Body.Close())
}

// settle lets time pass until nothing is left to do.
func (h *host) settle() {
	h.Helper()
	path, left, by := "/dev/drain", rest{}, time.Duration(0)
	for range 20 {
		var err error
		h.ahead.Add(int64(by))
		if left, err = h.control(path); err != nil {
			h.Fatal(err)
		}
		if left == (rest{}) {
			return
		}
		by = 5 * time.Minute
		path = fmt.Sprintf("/dev/advance?by=%s", by)
	}
	h.Fatalf("left to do, whatever time passes: %+v", left)
}

// passes lets so much time pass.
func (h *host) passes(by time.Duration) {
	h.Helper()
	h.ahead.Add(int64(by))
	if _, err := h.control(fmt.Sprintf("/dev/advance?by=%s", by)); err != nil {
		h.Fatal(err)
	}
}

// lines keep the end of what is written.
type lines struct {
	mu   sync.Mutex
	tail []byte
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	const most = 8 << 10
	l.tail = append(l.tail, b...)
	l.tail = bytes.Clone(l.tail[max(len(l.tail)-most, 0):])
	return len(b), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.tail)
}
