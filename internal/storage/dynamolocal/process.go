package dynamolocal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/entente-bot/entente/internal/halves"
)

const (
	patience = 60 * time.Second // for Java to start on a busy machine
	grace    = 10 * time.Second // for it to end
	interval = 50 * time.Millisecond
)

// An installation is where the programs are.
type installation halves.Dynamo

// script becomes Java, under the same process ID, and leaves a watcher behind
// that ends it when our end of its standard input closes: because of stop, or
// because the test binary is gone, however it ended.
const script = `exec 3<&0
{ cat <&3 >/dev/null; kill -9 $$; } >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`

// A process is Java running DynamoDB Local.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	output *bytes.Buffer // complete when died is closed
	died   chan struct{}
}

// start returns when the server answers, at the address returned.
func (in installation) start(ctx context.Context) (*process, string, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(in.Shell, "-c", script, "dynamodb-local", in.Java,
		// Quick to start and small: the servers of several packages run side by side.
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx384m",
		"-Djava.library.path="+filepath.Join(in.Folder, "DynamoDBLocal_lib"),
		"-jar", filepath.Join(in.Folder, "DynamoDBLocal.jar"),
		"-inMemory", "-disableTelemetry", "-port", port)
	p := &process{cmd: cmd, output: new(bytes.Buffer), died: make(chan struct{})}
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	go func() {
		defer close(p.died) // nobody but Java holds the other end
		io.Copy(p.output, out)
	}()
	if err := p.await(ctx, address); err != nil {
		p.stop()
		return nil, "", err
	}
	return p, address, nil
}

// await returns when the server answers, and an error when it never will.
func (p *process) await(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-p.died:
			return fmt.Errorf("java ended: %s", strings.TrimSpace(p.output.String()))
		case <-ctx.Done():
			return fmt.Errorf("no connection to %s: %w", address, ctx.Err())
		case <-tick.C:
		}
		answers, itself := greet(ctx, address)
		if itself {
			return nil
		}
		if answers {
			return fmt.Errorf("another process took %s", address)
		}
	}
}

// greet reports whether somebody answers at an address, and whether that is a
// DynamoDB: to anything without a key it says what is missing.
func greet(ctx context.Context, address string) (answers, itself bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address, nil)
	if err != nil {
		return false, false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil { // nobody, or one that closes at once: await asks again until its time is over
		return false, false
	}
	defer answer.Body.Close()
	return true, answer.Header.Get("X-Amzn-Requestid") != ""
}

// stop ends the process, and returns when it is gone.
func (p *process) stop() {
	p.stdin.Close()
	late := time.AfterFunc(grace, func() { p.cmd.Process.Kill() })
	defer late.Stop()
	<-p.died
	p.cmd.Wait()
}

// freeAddress returns an address on loopback that was free a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// fixed are credentials that DynamoDB Local tells accounts apart by.
func fixed(key string) func(context.Context) (aws.Credentials, error) {
	return func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: key, SecretAccessKey: "local", Source: "dynamolocal"}, nil
	}
}
